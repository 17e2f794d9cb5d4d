using System.Globalization;

namespace OpCollector.Detection.Sigma;

/// <summary>
/// What a correlation remembers: bounded, by itself and by <see cref="MemoryBound"/> together with the others, the oldest out first, with
/// one warning. The time of all decisions is the events', never the clock's.
/// </summary>
internal sealed class CorrelationMemory(Correlation rule)
{
    public const int MostGroups = 1000;

    // Of groups of one age it is the key that counts: a run that goes on after a crash must forget the same ones.
    static readonly Comparer<CorrelationGroup> ByAge = Comparer<CorrelationGroup>.Create(
        (one, other) => one.Newest != other.Newest ? one.Newest.CompareTo(other.Newest) : string.CompareOrdinal(one.Key, other.Key));

    // What clients have not synced for a day still arrives: https://developer.1password.com/docs/events-api/item-usage-actions
    static readonly TimeSpan Lateness = TimeSpan.FromDays(1);

    readonly Dictionary<string, CorrelationGroup> _groups = new(StringComparer.Ordinal);
    readonly SortedSet<CorrelationGroup> _byAge = new(ByAge);

    readonly int _mostMatches = Math.Max(CorrelationGroup.MostMatches, rule.Condition.Counted);

    public Correlation Rule => rule;

    /// <summary>That something had to be forgotten which might still have counted; null when nothing had.</summary>
    public string? Warning { get; private set; }

    /// <summary>The groups that could still matter, for the checkpoint: ascending by age.</summary>
    public IEnumerable<CorrelationGroup> Kept => _byAge.Where(group => group.Newest >= Oldest);

    /// <summary>About how much all of it takes on the disk.</summary>
    public long Bytes { get; private set; }

    DateTimeOffset Oldest => _byAge.Max is { } newest ? newest.Newest.Minus(rule.Span).Minus(Lateness) : DateTimeOffset.MinValue;

    /// <summary>Adds a match to its group.</summary>
    /// <returns>The matches of the finding that it completes, ascending; null where it completes none.</returns>
    public IReadOnlyList<Match>? Add(string key, Match match)
    {
        var group = GroupOf(key);
        _byAge.Remove(group);
        var isCount = !rule.IsTemporal;
        var isTold = isCount && group.FiredAt is { } fired && (match.Time - fired).Duration() <= rule.Span;
        var before = group.Bytes;
        var (at, dropped) = group.Insert(match with { IsUsed = isTold });
        Bytes += group.Bytes - before;
        _byAge.Add(group);
        if (dropped is { IsUsed: false } && group.Newest - dropped.Time <= rule.Span)
        {
            Warning ??= string.Create(
                CultureInfo.InvariantCulture,
                $"The rule {rule.Info.Name} keeps {_mostMatches} matches of each group; older ones within its timespan " +
                    $"are forgotten");
        }

        return at < 0 || isTold || CorrelationWindow.Find(rule, group.Matches, at) is not { } found ? null : Told(group, isCount, found);
    }

    /// <summary>Takes up what an earlier run remembered.</summary>
    public void Restore(string key, DateTimeOffset? firedAt, IEnumerable<Match> matches)
    {
        var group = GroupOf(key);
        _byAge.Remove(group);
        var before = group.Bytes;
        foreach (var match in matches)
        {
            group.Insert(match);
        }

        Bytes += group.Bytes - before;
        group.FiredAt = firedAt;
        _byAge.Add(group);
    }

    /// <summary>Forgets what can matter no more.</summary>
    public void ForgetWhatIsOver()
    {
        while (_byAge.Min is { } oldest && oldest.Newest < Oldest)
        {
            Forget(oldest);
        }
    }

    /// <summary>Forgets the group that was quiet for longest.</summary>
    public void ForgetOldest() => Forget(_byAge.Min!);

    void Forget(CorrelationGroup group)
    {
        _groups.Remove(group.Key);
        _byAge.Remove(group);
        Bytes -= group.Bytes;
    }

    // One burst is one finding: what surrounds it within the span is used up with it.
    Match[] Told(CorrelationGroup group, bool isCount, IReadOnlyList<Match> found)
    {
        Match[] told = [.. found.OrderBy(each => each.Time)];
        if (isCount)
        {
            group.Use(told[^1].Time, rule.Span);
        }

        return told;
    }

    CorrelationGroup GroupOf(string key)
    {
        if (_groups.TryGetValue(key, out var known))
        {
            return known;
        }

        if (_groups.Count == MostGroups && _byAge.Min is { } oldest)
        {
            if (oldest.Newest >= Oldest)
            {
                Warning ??= string.Create(
                    CultureInfo.InvariantCulture,
                    $"The rule {rule.Info.Name} keeps {MostGroups} groups; the oldest are forgotten before their timespan is over");
            }

            Forget(oldest);
        }

        var group = _groups[key] = new CorrelationGroup(rule.Info.Id, key, _mostMatches);
        Bytes += group.Bytes;
        _byAge.Add(group);
        return group;
    }
}
