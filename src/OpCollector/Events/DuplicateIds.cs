using System.Security.Cryptography;

namespace OpCollector.Events;

/// <summary>
/// Tells apart what claims one id: equal events are one, and of different ones each but the first gets an id of its own, made of its bytes.
/// Else a receiver, or the quarantine, would take the second for the first.
/// </summary>
internal static class DuplicateIds
{
    /// <summary>Pure: the same events in the same order, each id once.</summary>
    public static IReadOnlyList<ActivityEvent> Apart(IReadOnlyList<ActivityEvent> events)
    {
        var known = new Dictionary<string, ReadOnlyMemory<byte>>(events.Count);
        var apart = events.Select(each => Named(each, known)).OfType<ActivityEvent>().ToList();
        return apart.Count == events.Count && apart.SequenceEqual(events, ReferenceEqualityComparer.Instance) ? events : apart;
    }

    /// <summary>The event with an id of its own, made of the one it claims and of its bytes.</summary>
    public static ActivityEvent Renamed(ActivityEvent each) =>
        each with { Id = $"{each.Id}-{Convert.ToHexStringLower(SHA256.HashData(each.Bytes.Span).AsSpan(0, 8))}" };

    static ActivityEvent? Named(ActivityEvent each, Dictionary<string, ReadOnlyMemory<byte>> known)
    {
        for (var named = each; ; named = Renamed(named))
        {
            if (known.TryAdd(named.Id, each.Bytes))
            {
                return named;
            }

            if (known[named.Id].Span.SequenceEqual(each.Bytes.Span))
            {
                return null;
            }
        }
    }
}
