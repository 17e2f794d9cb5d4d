using System.Globalization;

namespace OpCollector.Detection.Sigma.Correlations;

/// <summary>
/// What a correlation remembers: bounded, by itself and by <see cref="MemoryBound"/> together with the others, the oldest out first, with
/// one warning.
/// </summary>
/// <param name="lateness">How late an event may arrive and still be counted where it belongs.</param>
internal sealed class CorrelationMemory(Correlation rule, TimeSpan lateness) : RuleMemory(rule)
{
    public const int MostGroups = 1000;

    readonly Dictionary<string, LinkedListNode<CorrelationGroup>> _groups = new(StringComparer.Ordinal);

    // Ascending by age. Most matches are newer than all others, so that their group goes to the end without a search.
    readonly LinkedList<CorrelationGroup> _byAge = [];
    readonly int _mostMatches = Math.Max(CorrelationGroup.MostMatches, rule.Condition.Counted);

    // What was told is remembered for another timespan, so that what belongs to it is not told again.
    readonly TimeSpan _keptFor = SaturatingTime.Seconds((2 * rule.Span.TotalSeconds) + lateness.TotalSeconds);

    /// <summary>The groups, ascending by age.</summary>
    public IEnumerable<CorrelationGroup> Groups => _byAge;

    DateTimeOffset Oldest => _byAge.Last is { } newest ? newest.Value.Newest.Minus(_keptFor) : DateTimeOffset.MinValue;

    public override CorrelationMatch? Add(string key, RuleMatch match)
    {
        Journal?.Added(Rule.Info.Id, key, match);
        var node = NodeOf(key);
        var group = node.Value;
        var (before, newest) = (group.Bytes, group.Newest);
        var (at, dropped) = group.Insert(match);
        Bytes += group.Bytes - before;
        if (group.Newest != newest)
        {
            PutByAge(node);
        }

        if (dropped is not null && group.IsBegun && group.Newest - dropped.Time <= Rule.Span && group.Told is null)
        {
            Warning ??= string.Create(
                CultureInfo.InvariantCulture,
                $"The rule {Rule.Info.Name} keeps {_mostMatches} matches of each group; older ones within its timespan are forgotten");
        }

        return at < 0 || !group.IsBegun || CorrelationWindow.Find(Rule, group.Matches, at) is not { } found ? null
            : group.ShouldReport(found.Matches[0].Time, found.Matches[^1].Time) ? found
            : null;
    }

    /// <summary>Takes up what an earlier run remembered.</summary>
    public void Restore(string key, (DateTimeOffset From, DateTimeOffset To)? told, IEnumerable<RuleMatch> matches)
    {
        var node = NodeOf(key);
        var group = node.Value;
        var before = group.Bytes;
        foreach (var match in matches)
        {
            group.Insert(match);
        }

        Bytes += group.Bytes - before;
        group.Told = told;
        PutByAge(node);
    }

    public override void ForgetWhatIsOver()
    {
        while (_byAge.First is { } oldest && oldest.Value.Newest < Oldest)
        {
            Forget(oldest);
        }
    }

    public override void ForgetOldest()
    {
        if (_byAge.First is { } oldest)
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

    void Forget(LinkedListNode<CorrelationGroup> node)
    {
        _groups.Remove(node.Value.Key);
        _byAge.Remove(node);
        Bytes -= node.Value.Bytes;
    }

    LinkedListNode<CorrelationGroup> NodeOf(string key)
    {
        if (_groups.TryGetValue(key, out var known))
        {
            return known;
        }

        ForgetWhatIsOver();
        if (_groups.Count == MostGroups)
        {
            ForgetForAnother();
        }

        var group = new CorrelationGroup(Rule, key, _mostMatches, _keptFor);
        Bytes += group.Bytes;
        return _groups[key] = _byAge.AddFirst(group);
    }

    // What waits for an event that comes late goes before what waits for one that is still to come.
    void ForgetForAnother()
    {
        var oldest = _byAge.First!;
        for (var node = Rule.Type == CorrelationType.TemporalOrdered ? oldest : null; node is not null; node = node.Next)
        {
            if (!node.Value.IsBegun)
            {
                Forget(node);
                return;
            }
        }

        Warning ??= string.Create(
            CultureInfo.InvariantCulture,
            $"The rule {Rule.Info.Name} keeps {MostGroups} groups; the oldest are forgotten before their timespan is over");
        Forget(oldest);
    }

    void PutByAge(LinkedListNode<CorrelationGroup> node)
    {
        _byAge.Remove(node);
        var before = _byAge.Last;
        while (before is not null && IsOlder(node.Value, before.Value))
        {
            before = before.Previous;
        }

        if (before is null)
        {
            _byAge.AddFirst(node);
        }
        else
        {
            _byAge.AddAfter(before, node);
        }
    }

    // Of groups of one age it is the key that counts: a run that goes on after a crash must forget the same ones.
    static bool IsOlder(CorrelationGroup one, CorrelationGroup other) =>
        one.Newest < other.Newest || (one.Newest == other.Newest && string.CompareOrdinal(one.Key, other.Key) < 0);
}
