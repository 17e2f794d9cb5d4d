namespace OpCollector.Access;

/// <summary>What happened to one membership, one access or one thing, in order of time, in whatever order it was read.</summary>
internal sealed class ChangeHistory
{
    /// <summary>How much memory one takes that has no change yet, about.</summary>
    public const int Empty = 140;

    // Nobody does more to the same in one instant.
    const int MostAtOnce = 1000;

    // Most have one, and there are very many of them.
    readonly List<AccessChange> _changes = new(1);

    public IReadOnlyList<AccessChange> All => _changes;

    /// <summary>Whether its earliest changes were forgotten.</summary>
    public bool IsCut { get; private set; }

    /// <summary>Puts a change where it belongs.</summary>
    /// <returns>False where it is there already.</returns>
    public bool Add(AccessChange change)
    {
        var at = PlaceOf(change);
        for (var same = at - 1; same >= Math.Max(0, at - MostAtOnce) && _changes[same].Time == change.Time; same--)
        {
            if (_changes[same].EventId == change.EventId)
            {
                return false;
            }
        }

        _changes.Insert(at, change);
        return true;
    }

    /// <summary>How many of them have happened at a moment.</summary>
    public int CountAt(DateTimeOffset time) => Count(change => change.Time <= time);

    /// <summary>Forgets the older half; the last two stay, by which it is known how things are.</summary>
    /// <returns>What is forgotten.</returns>
    public IReadOnlyList<AccessChange> Cut()
    {
        if (_changes.Count <= 2)
        {
            return [];
        }

        var forgotten = _changes.GetRange(0, _changes.Count / 2);
        _changes.RemoveRange(0, forgotten.Count);
        _changes.TrimExcess();
        IsCut = true;
        return forgotten;
    }

    // Times of op are whole seconds, and its ids ascend.
    int PlaceOf(AccessChange change) => Count(
        other => other.Time < change.Time || (other.Time == change.Time && (change.Eid == 0 || other.Eid <= change.Eid)));

    // Of what is true for the first ones alone.
    int Count(Func<AccessChange, bool> isBefore)
    {
        var (from, to) = (0, _changes.Count);
        while (from < to)
        {
            var middle = (from + to) / 2;
            (from, to) = isBefore(_changes[middle]) ? (middle + 1, to) : (from, middle);
        }

        return from;
    }
}
