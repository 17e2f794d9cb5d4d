using System.Security.Cryptography;

namespace OpCollector.Events;

/// <summary>
/// Tells apart what claims one id: equal events are one, and of different ones each but the first gets an id of its own, made of its bytes.
/// Else a receiver, or the quarantine, would take the second for the first.
/// </summary>
internal static class Twins
{
    /// <summary>Pure: the same events in the same order, each id once.</summary>
    public static IReadOnlyList<ActivityEvent> Apart(IReadOnlyList<ActivityEvent> events)
    {
        var known = new Dictionary<string, ReadOnlyMemory<byte>>(events.Count);
        var apart = events.Select(each => Named(each, known)).OfType<ActivityEvent>().ToList();
        return apart.Count == events.Count && apart.SequenceEqual(events, ReferenceEqualityComparer.Instance) ? events : apart;
    }

    static ActivityEvent? Named(ActivityEvent each, Dictionary<string, ReadOnlyMemory<byte>> known)
    {
        for (var id = each.Id; ; id = $"{id}-{Convert.ToHexStringLower(SHA256.HashData(each.Bytes.Span).AsSpan(0, 8))}")
        {
            if (known.TryAdd(id, each.Bytes))
            {
                return id == each.Id ? each : each with { Id = id };
            }

            if (known[id].Span.SequenceEqual(each.Bytes.Span))
            {
                return null;
            }
        }
    }
}
