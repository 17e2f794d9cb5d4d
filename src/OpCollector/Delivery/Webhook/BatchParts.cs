using OpCollector.Events;

namespace OpCollector.Delivery.Webhook;

/// <summary>
/// The open items of a batch in the requests that are still to be sent. Where the receiver rejects one, the requests become smaller: single
/// events until it takes one, which proves that it means the events and not us, then halves of what is left. Pure.
/// </summary>
internal sealed class BatchParts
{
    readonly RequestSize _size;
    readonly SingleEvents _singles;
    readonly Stack<BatchPart> _waiting = new();
    readonly List<Suspect> _suspects = [];
    Step _step;
    BatchPart _current;

    /// <param name="open">What is to be sent.</param>
    /// <param name="rejectedBefore">The ids of items that earlier runs sent alone and that were rejected.</param>
    public BatchParts(Batch open, RequestSize size, IReadOnlySet<string> rejectedBefore)
    {
        (_size, _singles) = (size, new SingleEvents(rejectedBefore));
        Wait(size.Cut(open));
    }

    enum Step
    {
        /// <summary>As much in each request as the receiver takes.</summary>
        Whole,

        /// <summary>Something was rejected: one event at a time, until one is taken.</summary>
        Singles,

        /// <summary>The receiver takes some and rejects others: halves of what is rejected.</summary>
        Halves,
    }

    /// <summary>What was rejected all by itself, for a reason that does not name it, in the order in which that was found.</summary>
    public IReadOnlyList<Suspect> Suspects => _suspects;

    /// <summary>Whether the receiver has taken something since it rejected something.</summary>
    public bool IsProven => _step == Step.Halves;

    /// <summary>How many requests it has rejected in a row.</summary>
    public int Rejections { get; private set; }

    /// <summary>Whether what was given out last is the end of the batch, and not known to be rejected.</summary>
    public bool IsLast => _step == Step.Halves && _waiting.Count == 0 && !_current.IsRejected;

    /// <summary>The last of the first open items that were rejected together; null where no such group is known.</summary>
    public ActivityEvent? RejectedUntil { get; private set; }

    /// <summary>The search goes on where an earlier run ended it.</summary>
    /// <param name="rejectedUntil">The id of the last of the first open items that were rejected together, or null.</param>
    public static BatchParts Resumed(Batch open, RequestSize size, IReadOnlySet<string> rejectedBefore, string? rejectedUntil)
    {
        var parts = new BatchParts(open with { Events = [] }, size, rejectedBefore) { _step = Step.Halves };
        var alone = open.Events.ToLookup(each => rejectedBefore.Contains(each.Id));
        parts.Suspect(alone[true].Select(each => open with { Events = [each] }));
        var unclear = alone[false].ToList();
        var together = unclear.FindIndex(each => each.Id == rejectedUntil) + 1;
        parts.Wait(size.Cut(open with { Events = unclear[together..] }));
        parts.WaitRejected(together == 0 ? null : open with { Events = unclear[..together] });
        return parts;
    }

    /// <summary>What is to be sent next; null at the end.</summary>
    public Batch? Next()
    {
        if (_step == Step.Singles)
        {
            return NextSingle();
        }

        while (_waiting.TryPop(out _current))
        {
            if (_current.Batch.Events.Count == 1 || !_current.IsRejected)
            {
                return _current.Batch;
            }

            // What is known to be rejected needs no request to show it.
            Halve(_current.Batch, isRejected: true);
        }

        return null;
    }

    /// <summary>The receiver has taken so many items of what was sent last.</summary>
    public void Took(int items)
    {
        if (_step == Step.Singles)
        {
            BeginHalves();
        }
        else if (_current.IsFirstOfTwo && items == _current.Batch.Events.Count && _waiting.TryPop(out var second))
        {
            // Both halves together were rejected, and this one was taken, so the other one is to blame.
            _waiting.Push(second with { IsRejected = true });
        }
        else
        {
            RejectedUntil = null;
        }

        Rejections = 0;
    }

    /// <summary>What is left of it is still to be sent.</summary>
    public void Return(Batch left)
    {
        if (left.Events.Count > 0 && _step == Step.Singles)
        {
            _singles.Return(left);
        }
        else if (left.Events.Count > 0)
        {
            _waiting.Push(new BatchPart(left));
        }
    }

    /// <summary>It is more than the receiver takes at a time.</summary>
    public void Halve(Batch left)
    {
        if (_step == Step.Singles)
        {
            var (first, second) = left.Halves();
            _singles.Return(first, second);
        }
        else
        {
            Halve(left, isRejected: false);
        }
    }

    /// <summary>The receiver does not like something in it, which has several items, and says so.</summary>
    public void Divide(Batch left)
    {
        if (_step == Step.Halves)
        {
            Halve(left, isRejected: true);
        }
        else if (_step == Step.Singles)
        {
            var (alone, others) = left.Parted();
            _singles.Return(alone, others);
        }
        else
        {
            BeginSingles(left);
        }
    }

    /// <summary>It is rejected for a reason that names no event.</summary>
    public void Reject(Batch left, DeliveryOutcome outcome)
    {
        Rejections++;
        if (left.Events.Count > 1)
        {
            Divide(left);
            return;
        }

        _suspects.Add(new Suspect(left, outcome));
        RejectedUntil = null;
        if (_step == Step.Whole)
        {
            BeginSingles(left with { Events = [] });
        }
    }

    /// <summary>The receiver has accepted again what it accepted before: the search goes on, and rejections are counted anew.</summary>
    public void ResetRejections()
    {
        if (_step == Step.Singles)
        {
            BeginHalves();
        }

        Rejections = 0;
    }

    /// <summary>Removes a suspect that was accepted or is to be put aside.</summary>
    public void Settle(Suspect suspect) => _suspects.Remove(suspect);

    /// <summary>A suspect was sent once more, and rejected.</summary>
    public void Confirm(Suspect suspect, DeliveryOutcome outcome) =>
        _suspects[_suspects.IndexOf(suspect)] = suspect with { Outcome = outcome, IsConfirmed = true };

    Batch? NextSingle()
    {
        if (_singles.Next(Rejections) is { } single)
        {
            _current = new BatchPart(single);
            return single;
        }

        Suspect(_singles.TakeRejectedBefore());
        return null;
    }

    void BeginSingles(Batch rejected)
    {
        _step = Step.Singles;
        _singles.Begin(rejected, _waiting.Select(part => part.Batch));
        _waiting.Clear();
    }

    void BeginHalves()
    {
        _step = Step.Halves;
        Suspect(_singles.TakeRejectedBefore());
        var (rejected, rest) = _singles.Join();
        Wait(rest is null ? [] : _size.Cut(rest));
        WaitRejected(rejected);
    }

    void Suspect(IEnumerable<Batch> alone) => _suspects.AddRange(alone.Select(each => new Suspect(each, null)));

    void Wait(IEnumerable<Batch> parts)
    {
        foreach (var part in parts.Reverse())
        {
            _waiting.Push(new BatchPart(part));
        }
    }

    void WaitRejected(Batch? part)
    {
        if (part is not null)
        {
            _waiting.Push(new BatchPart(part) { IsRejected = true });
            RejectedUntil = part.Events[^1];
        }
    }

    void Halve(Batch batch, bool isRejected)
    {
        var (first, second) = batch.Halves();
        RejectedUntil = isRejected ? batch.Events[^1] : RejectedUntil;
        _waiting.Push(new BatchPart(second));
        _waiting.Push(new BatchPart(first) { IsFirstOfTwo = isRejected });
    }
}
