namespace OpCollector.Report;

/// <summary>
/// Who, or what, most events are of. Of very many, those with the fewest events are forgotten now and then; their events stay in the sum.
/// </summary>
internal sealed class Ranking
{
    const int Most = 10_000;

    // Only these have events kept, so that many names cost little.
    const int MostWithEvents = 200;
    const int BetweenDrops = 5_000;

    readonly Dictionary<string, Ranked> _all = new(StringComparer.Ordinal);
    long _fewest;

    /// <summary>All events.</summary>
    public long Total { get; private set; }

    /// <summary>Whether some were forgotten, so that every number may be higher.</summary>
    public bool IsPartial { get; private set; }

    /// <summary>How many different ones there are; where some were forgotten, at least so many.</summary>
    public int Different => _all.Count;

    /// <summary>Counts an event.</summary>
    /// <returns>What it was counted for.</returns>
    public Ranked Count(string key, ShownEvent each)
    {
        if (++Total % BetweenDrops == 0)
        {
            DropEvents();
        }

        if (!_all.TryGetValue(key, out var ranked))
        {
            MakeRoom();
            ranked = _all[key] = new Ranked(key);
        }

        if (ranked.Events.Count + 1 >= _fewest)
        {
            ranked.Events.Add(each);
        }
        else
        {
            ranked.Events.CountOnly(1);
        }

        return ranked;
    }

    /// <summary>Those with the most events, and the events of all others.</summary>
    public (IReadOnlyList<Ranked> First, NewestEvents Others) Top(int most)
    {
        Ranked[] inOrder = [.. InOrder()];
        var others = new NewestEvents();
        foreach (var each in inOrder.Skip(most))
        {
            others.Add(each.Events);
        }

        Ranked[] first = [.. inOrder.Take(most)];
        others.CountOnly(Total - first.Sum(each => each.Events.Count) - others.Count);
        return (first, others);
    }

    public Ranked? Find(string key) => _all.GetValueOrDefault(key);

    IEnumerable<Ranked> InOrder() =>
        _all.Values.OrderByDescending(each => each.Events.Count).ThenBy(each => each.Key, StringComparer.Ordinal);

    void DropEvents()
    {
        if (_all.Count <= MostWithEvents)
        {
            return;
        }

        Ranked[] inOrder = [.. InOrder()];
        _fewest = inOrder[MostWithEvents].Events.Count + 1;
        foreach (var each in inOrder[MostWithEvents..])
        {
            each.Events.Clear();
        }
    }

    void MakeRoom()
    {
        if (_all.Count < Most)
        {
            return;
        }

        IsPartial = true;
        foreach (var each in InOrder().Skip(Most / 2).ToArray())
        {
            _all.Remove(each.Key);
        }
    }
}

/// <summary>One of a ranking.</summary>
/// <param name="key">What makes it distinct from others.</param>
internal sealed class Ranked(string key)
{
    public string Key => key;

    /// <summary>What it is called, where that is another thing.</summary>
    public string? Name { get; set; }

    public NewestEvents Events { get; } = new();
}
