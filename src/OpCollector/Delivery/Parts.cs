namespace OpCollector.Delivery;

/// <summary>
/// The parts of a batch that are still to be sent, in order, and what their answers say of the events in them. A part that is refused is
/// parted further: one event at a time until the receiver takes something, which is the proof that it means the events and not us, then
/// by halves.
/// </summary>
internal sealed class Parts
{
    // Whether anything is taken at all shows with so many requests, or it is us.
    const int MostRefusals = 12;

    // With so many at the beginning refused, the last one is asked for: a batch may begin with any number of guilty events.
    const int RefusalsBeforeTheLast = 8;

    readonly Search _search;
    readonly bool _isAlone;
    readonly Stack<Part> _waiting;
    readonly List<Suspect> _suspects = [];
    Part _current;
    bool _isSearching;
    bool _isProven;
    int _refusals;

    /// <param name="batch">What is sent.</param>
    /// <param name="cut">The same in requests that the receiver takes.</param>
    public Parts(Batch batch, IEnumerable<Batch> cut)
    {
        (_search, _isAlone) = (batch.Search, batch.Events.Count == 1);
        _waiting = new Stack<Part>(cut.Select(each => new Part(each)).Reverse());
    }

    /// <summary>Whether the receiver has taken something of the batch.</summary>
    public bool HasTaken { get; private set; }

    /// <summary>What was refused all by itself, for a reason that does not name it, in the order of the batch.</summary>
    public IReadOnlyList<Suspect> Suspects => _suspects;

    /// <summary>The first refusal for a reason that names no event; null where there was none.</summary>
    public Suspect? First { get; private set; }

    /// <summary>What is to be sent next; null at the end.</summary>
    public Batch? Next()
    {
        while (_waiting.TryPop(out _current))
        {
            // What is known to be refused needs no request to show it.
            if (_current.Batch.Events.Count == 1 || !(_current.IsToBlame || (_isSearching && !_isProven)))
            {
                return _current.Batch;
            }

            Split(_current.Batch, _current.IsToBlame);
        }

        return null;
    }

    /// <summary>The receiver has taken so many items of the part that was sent last.</summary>
    public void Took(int count)
    {
        if (count == 0)
        {
            return;
        }

        HasTaken = true;
        // It takes from us what is not refused: so it means the events.
        _isProven |= _isSearching;
        if (_current.IsFirstOfTwo && count == _current.Batch.Events.Count && _waiting.TryPop(out var second))
        {
            // Both together were refused, and it was not this one.
            _waiting.Push(second with { IsToBlame = true });
        }
    }

    /// <summary>What is left of the part is still to be sent.</summary>
    public void Return(Batch left)
    {
        if (left.Events.Count > 0)
        {
            _waiting.Push(new Part(left));
        }
    }

    /// <summary>The part is more than the receiver takes at a time.</summary>
    public void Halve(Batch left)
    {
        var (first, second) = left.Halves();
        _waiting.Push(new Part(second));
        _waiting.Push(new Part(first));
    }

    /// <summary>The receiver does not like something in the part, which has several items.</summary>
    public void Divide(Batch left)
    {
        _isSearching = true;
        Split(left, isToBlame: true);
    }

    /// <summary>Whether an answer that names no event may be about the events all the same, and others of the batch can tell.</summary>
    public bool MayBlame(Outcome outcome) => !_isAlone && outcome.MayBeAboutEvents
        && (outcome.MayRetry ? _search == Search.OfFailing : _search != Search.None || HasTaken);

    /// <summary>Looks for the events to blame for an answer that names none.</summary>
    /// <returns>False where the receiver takes nothing at all, so that it is us.</returns>
    public bool TryBlame(Batch left, Outcome outcome)
    {
        First ??= new Suspect(left, outcome);
        _refusals += _isProven ? 0 : 1;
        if (left.Events.Count > 1)
        {
            Divide(left);
        }
        else
        {
            _isSearching = true;
            _suspects.Add(new Suspect(left, outcome));
        }

        if (_refusals == RefusalsBeforeTheLast && !_isProven)
        {
            SendTheLastNext();
        }

        return _refusals < MostRefusals;
    }

    // The one event that comes out of order, and only where all would be held up without it.
    void SendTheLastNext()
    {
        var waiting = _waiting.Select(part => part.Batch).ToList();
        if (waiting.Sum(batch => batch.Events.Count) < 2)
        {
            return;
        }

        var (others, last) = waiting[^1].WithoutLast();
        _waiting.Clear();
        foreach (var batch in waiting.SkipLast(1).Append(others).Where(batch => batch.Events.Count > 0).Reverse())
        {
            _waiting.Push(new Part(batch));
        }

        _waiting.Push(new Part(last));
    }

    void Split(Batch batch, bool isToBlame)
    {
        var (first, second) = _isProven ? batch.Halves() : batch.Parted();
        _waiting.Push(new Part(second));
        _waiting.Push(new Part(first) { IsFirstOfTwo = isToBlame });
    }

    /// <summary>A part that was refused, and how.</summary>
    internal sealed record Suspect(Batch Batch, Outcome Outcome);

    readonly record struct Part(Batch Batch)
    {
        /// <summary>Whether it is refused for sure.</summary>
        public bool IsToBlame { get; init; }

        /// <summary>Whether it was refused together with the part that waits behind it.</summary>
        public bool IsFirstOfTwo { get; init; }
    }
}
