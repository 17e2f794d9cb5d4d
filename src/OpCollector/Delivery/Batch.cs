using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using OpCollector.Events;

namespace OpCollector.Delivery;

/// <summary>
/// One page of events on its way to the sink. The checkpoint moves once, when all of it is accepted; pages are never joined,
/// so that a crash repeats at most one batch.
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
                hash.AppendData(Encoding.ASCII.GetBytes(each.Eid.ToString(CultureInfo.InvariantCulture)));
                hash.AppendData("\n"u8);
            }

            return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16));
        }
    }

    /// <summary>The batch in pieces that a receiver takes: in order, each with at most so many events and bytes.</summary>
    public IEnumerable<Batch> Cut(int mostEvents, int mostBytes)
    {
        var first = 0;
        while (first < Events.Count)
        {
            var (count, bytes) = (1, Events[first].Bytes.Length + 2);
            while (first + count < Events.Count && count < mostEvents && bytes + Events[first + count].Bytes.Length + 1 <= mostBytes)
            {
                bytes += Events[first + count].Bytes.Length + 1;
                count++;
            }

            yield return first == 0 && count == Events.Count ? this : this with { Events = [.. Events.Skip(first).Take(count)] };
            first += count;
        }
    }
}
