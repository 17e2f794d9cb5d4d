namespace OpCollector.Delivery.Webhook;

/// <summary>
/// The events of a rejected batch, each with its findings, sent one at a time until the receiver takes one: from the head at first, so that
/// what is taken arrives in order; then from all over the batch, which may begin with any number of bad events. Pure.
/// </summary>
/// <param name="rejectedBefore">The ids of items that earlier runs sent alone and that were rejected: others come first.</param>
internal sealed class SingleEvents(IReadOnlySet<string> rejectedBefore)
{
    const int RejectionsAtTheHead = 8;

    readonly List<Batch> _all = [];
    int _rejectedTogether;
    int _given;
    int _last;

    /// <summary>All that wait, in order.</summary>
    /// <param name="rejected">What the receiver has rejected together, which may be nothing.</param>
    public void Begin(Batch rejected, IEnumerable<Batch> others)
    {
        _all.AddRange(rejected.Singles());
        _rejectedTogether = _all.Count;
        _all.AddRange(others.SelectMany(each => each.Singles()));
    }

    /// <summary>What is to be sent next; null where there is nothing but what earlier runs have sent alone.</summary>
    /// <param name="rejections">How many requests were rejected in a row.</param>
    public Batch? Next(int rejections)
    {
        var fresh = Enumerable.Range(0, _all.Count).Where(at => !IsRejectedBefore(_all[at])).ToList();
        if (fresh.Count == 0)
        {
            return null;
        }

        _last = fresh[rejections switch
        {
            < RejectionsAtTheHead => 0,
            RejectionsAtTheHead => fresh.Count - 1,
            RejectionsAtTheHead + 1 => fresh.Count / 2,
            RejectionsAtTheHead + 2 => fresh.Count / 4,
            _ => fresh.Count * 3 / 4,
        }];
        var next = _all[_last];
        _all.RemoveAt(_last);
        _given++;
        return next;
    }

    /// <summary>Puts parts of what was sent last back to its place.</summary>
    public void Return(params IEnumerable<Batch> parts) => _all.InsertRange(_last, parts);

    /// <summary>Takes out what earlier runs have sent alone.</summary>
    public IReadOnlyList<Batch> TakeRejectedBefore()
    {
        var rejected = _all.Where(IsRejectedBefore).ToList();
        _all.RemoveAll(IsRejectedBefore);
        return rejected;
    }

    /// <summary>The others, joined again, when the receiver has taken one of them.</summary>
    /// <returns>First those that are known to be rejected together, then the rest; either may be nothing.</returns>
    public (Batch? Rejected, Batch? Others) Join()
    {
        // Where the first that was sent is taken at once, the reason is among the others that were rejected with it.
        var together = _given == 1 && rejectedBefore.Count == 0 ? Math.Max(0, _rejectedTogether - 1) : 0;
        var joined = (Joined(_all[..together]), Joined(_all[together..]));
        _all.Clear();
        return joined;
    }

    bool IsRejectedBefore(Batch single) => single.Events.Count == 1 && rejectedBefore.Contains(single.Events[0].Id);

    static Batch? Joined(List<Batch> parts) =>
        parts.Count == 0 ? null : parts[0] with { Events = [.. parts.SelectMany(each => each.Events)] };
}
