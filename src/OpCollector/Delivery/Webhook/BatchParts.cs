using OpCollector.Events;

namespace OpCollector.Delivery.Webhook;

/// <summary>
/// The open items of a batch in the requests that are still to be sent. Where the receiver refuses one, the requests become smaller: single
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
    /// <param name="refusedBefore">The ids of items that earlier runs sent alone, in vain.</param>
    public BatchParts(Batch open, RequestSize size, IReadOnlySet<string> refusedBefore)
    {
        (_size, _singles) = (size, new SingleEvents(refusedBefore));
        Wait(size.Cut(open));
    }

    enum Step
    {
        /// <summary>As much in each request as the receiver takes.</summary>
        Whole,

        /// <summary>Something was refused: one event at a time, until one is taken.</summary>
        Singles,

        /// <summary>The receiver takes some and refuses others: halves of what is refused.</summary>
        Halves,
    }

    /// <summary>What was refused all by itself, for a reason that does not name it, in the order in which that was found.</summary>
    public IReadOnlyList<Suspect> Suspects => _suspects;

    /// <summary>Whether the receiver has taken something since it refused something.</summary>
    public bool IsProven => _step == Step.Halves;

    /// <summary>How many requests it has refused in a row.</summary>
    public int Refusals { get; private set; }

    /// <summary>Whether what was given out last is the end of the batch, and not known to be refused.</summary>
    public bool IsLast => _step == Step.Halves && _waiting.Count == 0 && !_current.IsRefused;

    /// <summary>The last of the first open items that were refused together; null where no such group is known.</summary>
    public ActivityEvent? RefusedUntil { get; private set; }

    /// <summary>The search goes on where an earlier run ended it.</summary>
    /// <param name="refusedUntil">The id of the last of the first open items that were refused together; null where none is known.</param>
    public static BatchParts Resumed(Batch open, RequestSize size, IReadOnlySet<string> refusedBefore, string? refusedUntil)
    {
        var parts = new BatchParts(open with { Events = [] }, size, refusedBefore) { _step = Step.Halves };
        var alone = open.Events.ToLookup(each => refusedBefore.Contains(each.Id));
        parts.Suspect(alone[true].Select(each => open with { Events = [each] }));
        var unclear = alone[false].ToList();
        var together = unclear.FindIndex(each => each.Id == refusedUntil) + 1;
        parts.Wait(size.Cut(open with { Events = unclear[together..] }));
        parts.WaitRefused(together == 0 ? null : open with { Events = unclear[..together] });
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
            if (_current.Batch.Events.Count == 1 || !_current.IsRefused)
            {
                return _current.Batch;
            }

            // What is known to be refused needs no request to show it.
            Halve(_current.Batch, isRefused: true);
        }

        return null;
    }

    /// <summary>The receiver has taken something of what was sent last, or all of it.</summary>
    public void Took(bool all)
    {
        if (_step == Step.Singles)
        {
            BeginHalves();
        }
        else if (_current.IsFirstOfTwo && all && _waiting.TryPop(out var second))
        {
            // Both together were refused, and it was not this one.
            _waiting.Push(second with { IsRefused = true });
        }
        else
        {
            RefusedUntil = null;
        }

        Refusals = 0;
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
            Halve(left, isRefused: false);
        }
    }

    /// <summary>The receiver does not like something in it, which has several items, and says so.</summary>
    public void Divide(Batch left)
    {
        if (_step == Step.Halves)
        {
            Halve(left, isRefused: true);
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

    /// <summary>It is refused for a reason that names no event.</summary>
    public void Refused(Batch left, DeliveryOutcome outcome)
    {
        Refusals++;
        if (left.Events.Count > 1)
        {
            Divide(left);
            return;
        }

        _suspects.Add(new Suspect(left, outcome));
        RefusedUntil = null;
        if (_step == Step.Whole)
        {
            BeginSingles(left with { Events = [] });
        }
    }

    /// <summary>The receiver still takes what it took before.</summary>
    public void StillTakes()
    {
        if (_step == Step.Singles)
        {
            BeginHalves();
        }

        Refusals = 0;
    }

    /// <summary>It is known what has become of a suspect.</summary>
    public void Clear(Suspect suspect) => _suspects.Remove(suspect);

    /// <summary>A suspect was sent once more, and refused.</summary>
    public void Confirm(Suspect suspect, DeliveryOutcome outcome) =>
        _suspects[_suspects.IndexOf(suspect)] = suspect with { Outcome = outcome, IsConfirmed = true };

    Batch? NextSingle()
    {
        if (_singles.Next(Refusals) is { } single)
        {
            _current = new BatchPart(single);
            return single;
        }

        Suspect(_singles.TakeRefusedBefore());
        return null;
    }

    void BeginSingles(Batch refused)
    {
        _step = Step.Singles;
        _singles.Begin(refused, _waiting.Select(part => part.Batch));
        _waiting.Clear();
    }

    void BeginHalves()
    {
        _step = Step.Halves;
        Suspect(_singles.TakeRefusedBefore());
        var (refused, rest) = _singles.Join();
        Wait(rest is null ? [] : _size.Cut(rest));
        WaitRefused(refused);
    }

    void Suspect(IEnumerable<Batch> alone) => _suspects.AddRange(alone.Select(each => new Suspect(each, null)));

    void Wait(IEnumerable<Batch> parts)
    {
        foreach (var part in parts.Reverse())
        {
            _waiting.Push(new BatchPart(part));
        }
    }

    void WaitRefused(Batch? part)
    {
        if (part is not null)
        {
            _waiting.Push(new BatchPart(part) { IsRefused = true });
            RefusedUntil = part.Events[^1];
        }
    }

    void Halve(Batch batch, bool isRefused)
    {
        var (first, second) = batch.Halves();
        RefusedUntil = isRefused ? batch.Events[^1] : RefusedUntil;
        _waiting.Push(new BatchPart(second));
        _waiting.Push(new BatchPart(first) { IsFirstOfTwo = isRefused });
    }
}
