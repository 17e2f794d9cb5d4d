using System.Security.Cryptography;
using System.Text;
using OpCollector.Events;

namespace OpCollector.Delivery;

/// <summary>
/// One page of events on its way to the sink. The checkpoint moves once, when all of it is accepted or in the quarantine;
/// pages are never joined, so that a crash repeats at most one batch.
/// </summary>
internal sealed record Batch(string Stream, IReadOnlyList<ActivityEvent> Events)
{
    public static Batch Of(EventPage page) => new(page.Stream, page.Events);

    /// <summary>The same at every attempt and after every crash: a receiver can recognise a repetition by it.</summary>
    public string Id
    {
        get
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            hash.AppendData(Encoding.UTF8.GetBytes(Stream));
            foreach (var each in Events)
            {
                hash.AppendData(Encoding.UTF8.GetBytes(each.Id));
                hash.AppendData("\n"u8);
            }

            return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16));
        }
    }

    /// <summary>The batch in pieces that a receiver takes: in order, each with at most so many events and bytes.</summary>
    public IEnumerable<Batch> Cut(int mostEvents, int mostBytes, Func<ActivityEvent, int> sizeOf)
    {
        var first = 0;
        while (first < Events.Count)
        {
            var (count, bytes) = (1, sizeOf(Events[first]));
            while (first + count < Events.Count && count < mostEvents && bytes + sizeOf(Events[first + count]) is var next && next <= mostBytes)
            {
                bytes = next;
                count++;
            }

            yield return first == 0 && count == Events.Count ? this : From(first, count);
            first += count;
        }
    }

    /// <summary>Both halves of a batch of at least two events.</summary>
    public (Batch First, Batch Second) Halves() => (From(0, Events.Count / 2), From(Events.Count / 2, Events.Count - (Events.Count / 2)));

    Batch From(int first, int count) => this with { Events = [.. Events.Skip(first).Take(count)] };
}
