namespace OpCollector.Report;

/// <summary>The newest of the events behind a figure, and how many there are in all.</summary>
internal sealed class NewestEvents(int most = NewestEvents.Most)
{
    /// <summary>What a page shows of each figure.</summary>
    public const int Most = 10;

    // Ascending.
    readonly List<EventSlot> _events = [];

    public long Count { get; private set; }

    public long LeftOut => Count - _events.Count;

    /// <summary>Newest first.</summary>
    public IEnumerable<ShownEvent> Events => _events.AsEnumerable().Reverse().Select(slot => slot.Event);

    public void Add(ShownEvent each)
    {
        Count++;
        Keep(each);
    }

    /// <summary>Events that are counted without being shown.</summary>
    public void CountOnly(long count) => Count += count;

    /// <summary>Forgets the events, not how many there were.</summary>
    public void Clear() => _events.Clear();

    public void Add(NewestEvents others)
    {
        Count += others.Count;
        foreach (var each in others._events)
        {
            Keep(each.Event);
        }
    }

    void Keep(ShownEvent each)
    {
        var (ticks, slot) = (each.Ticks, (EventSlot?)null);
        if (_events.Count == most)
        {
            slot = _events[0];
            if (ticks < slot.Ticks)
            {
                return;
            }

            _events.RemoveAt(0);
        }

        slot ??= new EventSlot();
        slot.Fill(each);

        // Events come in their order, nearly always.
        var at = _events.Count;
        while (at > 0 && _events[at - 1].Ticks > ticks)
        {
            at--;
        }

        _events.Insert(at, slot);
    }
}
