namespace OpCollector.Delivery.Webhook;

/// <summary>
/// The events of a batch that was refused, each with its findings: sent one at a time until the receiver takes one. From the head at first,
/// so that what is taken arrives in order; then from all over the batch, which may begin with any number of guilty events. Pure.
/// </summary>
/// <param name="refusedBefore">The ids of items that earlier runs sent alone, in vain: others come first.</param>
internal sealed class SingleEvents(IReadOnlySet<string> refusedBefore)
{
    const int RefusalsAtTheHead = 8;

    readonly List<Batch> _all = [];
    int _refusedTogether;
    int _given;
    int _last;

    /// <summary>All that wait, in order.</summary>
    /// <param name="refused">What the receiver has refused together, which may be nothing.</param>
    public void Begin(Batch refused, IEnumerable<Batch> others)
    {
        _all.AddRange(refused.Singles());
        _refusedTogether = _all.Count;
        _all.AddRange(others.SelectMany(each => each.Singles()));
    }

    /// <summary>What is to be sent next; null where there is nothing but what earlier runs have sent alone.</summary>
    /// <param name="refusals">How many requests were refused in a row.</param>
    public Batch? Next(int refusals)
    {
        var fresh = Enumerable.Range(0, _all.Count).Where(at => !IsRefusedBefore(_all[at])).ToList();
        if (fresh.Count == 0)
        {
            return null;
        }

        _last = fresh[refusals switch
        {
            < RefusalsAtTheHead => 0,
            RefusalsAtTheHead => fresh.Count - 1,
            RefusalsAtTheHead + 1 => fresh.Count / 2,
            RefusalsAtTheHead + 2 => fresh.Count / 4,
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
    public IReadOnlyList<Batch> TakeRefusedBefore()
    {
        var refused = _all.Where(IsRefusedBefore).ToList();
        _all.RemoveAll(IsRefusedBefore);
        return refused;
    }

    /// <summary>The others, joined again, when the receiver has taken one of them.</summary>
    /// <returns>First those that are known to be refused together, then the rest; either may be nothing.</returns>
    public (Batch? Refused, Batch? Others) Join()
    {
        // Where the first that was sent is taken at once, the reason is among the others that were refused with it.
        var together = _given == 1 && refusedBefore.Count == 0 ? Math.Max(0, _refusedTogether - 1) : 0;
        var joined = (Joined(_all[..together]), Joined(_all[together..]));
        _all.Clear();
        return joined;
    }

    bool IsRefusedBefore(Batch single) => single.Events.Count == 1 && refusedBefore.Contains(single.Events[0].Id);

    static Batch? Joined(List<Batch> parts) =>
        parts.Count == 0 ? null : parts[0] with { Events = [.. parts.SelectMany(each => each.Events)] };
}
