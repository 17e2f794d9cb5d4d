using System.Buffers;
using System.Text;
using OpCollector.Events;

namespace OpCollector.Delivery;

/// <summary>
/// One page of events on its way to the sink, each followed by its findings. The checkpoint moves once, when all of it is accepted
/// or in the quarantine; pages are never joined, so that a crash repeats at most one batch.
/// </summary>
/// <param name="Events">
/// Events and findings. A finding belongs to the event before it and is not parted from it, unless each must be sent alone.
/// </param>
internal sealed record Batch(string Stream, IReadOnlyList<ActivityEvent> Events)
{
    const int IdLength = 32;

    /// <summary>Each with an id that no other of them has: receivers, and answers, go by it.</summary>
    public IReadOnlyList<ActivityEvent> Events { get; init; } = DuplicateIds.Apart(Events);

    /// <summary>What a rejection of it leads to.</summary>
    public BlameSearch Search { get; init; }

    /// <summary>What earlier runs have learned of it.</summary>
    public BatchMemory Memory { get; init; } = BatchMemory.Empty;

    /// <summary>Whether batches of other streams wait for their turn in this run.</summary>
    public bool HasOthersBehind { get; init; }

    /// <summary>The items that earlier runs have not finished with.</summary>
    public IReadOnlyList<ActivityEvent> Open => Memory.IsEmpty ? Events : [.. Events.Where(each => !Memory.HasSettled(each))];

    /// <summary>How many of them are findings.</summary>
    public int Findings => Events.Count(each => each.IsFinding);

    /// <summary>Which items they are, in words.</summary>
    public string Named => Events switch
    {
        [{ IsFinding: true } finding] => $"the finding {finding.Id}",
        [var only] => $"the event {only.Id}",
        _ => $"the {(Findings == 0 ? "events" : "items")} {Events[0].Id} to {Events[^1].Id}",
    };

    /// <summary>What makes the id of a wanted repetition another one; empty for what is delivered.</summary>
    string Repetition { get; init; } = "";

    /// <summary>The same at every attempt and after every crash: a receiver can recognise a repetition by it.</summary>
    public string Id
    {
        get
        {
            var ids = new ArrayBufferWriter<byte>(Stream.Length + Repetition.Length + Events.Sum(each => each.Id.Length + 1));
            Encoding.UTF8.GetBytes(Stream + Repetition, ids);
            foreach (var each in Events)
            {
                Encoding.UTF8.GetBytes(each.Id, ids);
                ids.Write("\n"u8);
            }

            return Digest.Compute(ids.WrittenSpan)[..IdLength];
        }
    }

    /// <summary>
    /// The batch in pieces that a receiver takes: in order, each with at most so many events and bytes. Only an event that is too
    /// much together with its findings is parted from them.
    /// </summary>
    public IEnumerable<Batch> Cut(int mostEvents, int mostBytes, Func<ActivityEvent, int> sizeOf)
    {
        var first = 0;
        while (first < Events.Count)
        {
            var (count, end, bytes) = (0, first, 0L);
            while (end < Events.Count)
            {
                bytes += sizeOf(Events[end++]);
                if (end - first > mostEvents || bytes > mostBytes)
                {
                    break;
                }

                count = end == Events.Count || !Events[end].IsFinding ? end - first : count;
            }

            if (count == 0)
            {
                // Not even one event with all of its findings: as many items as go, and one at least.
                count = Math.Max(1, end - first - (end - first > mostEvents || bytes > mostBytes ? 1 : 0));
            }

            yield return first == 0 && count == Events.Count ? this : Slice(first, count);
            first += count;
        }
    }

    /// <summary>Both halves of two items or more. An event and its findings stay together as long as there is another event.</summary>
    public (Batch First, Batch Second) Halves()
    {
        var middle = Events.Count / 2;
        List<int> between = [.. Enumerable.Range(1, Events.Count - 1).Where(at => !Events[at].IsFinding)];
        var at = between.Count > 0 ? between.MinBy(at => Math.Abs(at - middle)) : middle;
        return (Slice(0, at), Slice(at, Events.Count - at));
    }

    /// <summary>The first event with its findings, and the rest; of a single event, itself and its findings.</summary>
    public (Batch First, Batch Others) Parted()
    {
        var at = Enumerable.Range(1, Events.Count - 1).FirstOrDefault(at => !Events[at].IsFinding, 1);
        return (Slice(0, at), Slice(at, Events.Count - at));
    }

    /// <summary>Each event with its findings; a finding without an event before it is alone.</summary>
    public IEnumerable<Batch> Singles()
    {
        for (var first = 0; first < Events.Count;)
        {
            var count = Events[first].IsFinding ? 1 : 1 + Events.Skip(first + 1).TakeWhile(each => each.IsFinding).Count();
            yield return Slice(first, count);
            first += count;
        }
    }

    /// <summary>The same once more, under another key: a receiver may answer a repetition without a look at it.</summary>
    public Batch Again(string repetition) => this with { Repetition = repetition };

    Batch Slice(int first, int count) => this with { Events = [.. Events.Skip(first).Take(count)] };
}
