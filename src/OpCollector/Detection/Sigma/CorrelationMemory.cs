using System.Globalization;

namespace OpCollector.Detection.Sigma;

/// <summary>
/// What a correlation remembers: bounded, by itself and by <see cref="MemoryBound"/> together with the others, the oldest out first, with
/// one warning.
/// </summary>
/// <param name="lateness">How late an event may arrive and still be counted where it belongs.</param>
internal sealed class CorrelationMemory(Correlation rule, TimeSpan lateness) : RuleMemory(rule)
{
    public const int MostGroups = 1000;

    // Of groups of one age it is the key that counts: a run that goes on after a crash must forget the same ones.
    static readonly Comparer<CorrelationGroup> ByAge = Comparer<CorrelationGroup>.Create(
        (one, other) => one.Newest != other.Newest ? one.Newest.CompareTo(other.Newest) : string.CompareOrdinal(one.Key, other.Key));

    readonly Dictionary<string, CorrelationGroup> _groups = new(StringComparer.Ordinal);
    readonly SortedSet<CorrelationGroup> _byAge = new(ByAge);
    readonly int _mostMatches = Math.Max(CorrelationGroup.MostMatches, rule.Condition.Counted);

    // What was told is remembered for another timespan, so that what belongs to it is not told again.
    readonly TimeSpan _keptFor = Moments.Seconds((2 * rule.Span.TotalSeconds) + lateness.TotalSeconds);

    /// <summary>The groups, ascending by age.</summary>
    public IEnumerable<CorrelationGroup> Groups => _byAge;

    DateTimeOffset Oldest => _byAge.Max is { } newest ? newest.Newest.Minus(_keptFor) : DateTimeOffset.MinValue;

    public override Found? Add(string key, Match match)
    {
        Journal?.Added(Rule.Info.Id, key, match);
        var group = GroupOf(key);
        _byAge.Remove(group);
        var before = group.Bytes;
        var (at, dropped) = group.Insert(match);
        Bytes += group.Bytes - before;
        _byAge.Add(group);
        if (dropped is not null && group.IsBegun && group.Newest - dropped.Time <= Rule.Span && group.Told is null)
        {
            Warning ??= string.Create(
                CultureInfo.InvariantCulture,
                $"The rule {Rule.Info.Name} keeps {_mostMatches} matches of each group; older ones within its timespan are forgotten");
        }

        return at < 0 || !group.IsBegun || CorrelationWindow.Find(Rule, group.Matches, at) is not { } found ? null
            : group.Tells(found.Matches[0].Time, found.Matches[^1].Time) ? found
            : null;
    }

    /// <summary>Takes up what an earlier run remembered.</summary>
    public void Restore(string key, (DateTimeOffset From, DateTimeOffset To)? told, IEnumerable<Match> matches)
    {
        var group = GroupOf(key);
        _byAge.Remove(group);
        var before = group.Bytes;
        foreach (var match in matches)
        {
            group.Insert(match);
        }

        Bytes += group.Bytes - before;
        group.Told = told;
        _byAge.Add(group);
    }

    public override void ForgetWhatIsOver()
    {
        while (_byAge.Min is { } oldest && oldest.Newest < Oldest)
        {
            Forget(oldest);
        }
    }

    public override void ForgetOldest()
    {
        if (_byAge.Min is { } oldest)
        {
            Forget(oldest);
        }
    }

    public override void Save(MemoryJournal journal)
    {
        foreach (var group in _byAge)
        {
            journal.Group(Rule.Info.Id, group);
        }
    }

    void Forget(CorrelationGroup group)
    {
        _groups.Remove(group.Key);
        _byAge.Remove(group);
        Bytes -= group.Bytes;
    }

    CorrelationGroup GroupOf(string key)
    {
        if (_groups.TryGetValue(key, out var known))
        {
            return known;
        }

        ForgetWhatIsOver();
        if (_groups.Count == MostGroups)
        {
            // What waits for an event that comes late goes before what waits for one that is still to come.
            var oldest = _byAge.FirstOrDefault(group => !group.IsBegun) ?? _byAge.Min!;
            Warning ??= !oldest.IsBegun ? null : string.Create(
                CultureInfo.InvariantCulture,
                $"The rule {Rule.Info.Name} keeps {MostGroups} groups; the oldest are forgotten before their timespan is over");
            Forget(oldest);
        }

        var group = _groups[key] = new CorrelationGroup(Rule, key, _mostMatches, _keptFor);
        Bytes += group.Bytes;
        _byAge.Add(group);
        return group;
    }
}
