using System.Text;

namespace OpCollector.Detection.Sigma.Correlations;

/// <summary>
/// What waits to be followed by something else: a match of the first rule for which none of the others came in time. An event that is
/// later than that shows it, or the clock at the end of a run.
/// </summary>
internal sealed class AbsenceMemory(Correlation rule) : RuleMemory(rule)
{
    const int BytesOfGroup = 48;

    readonly Dictionary<string, RuleMatch> _waiting = new(StringComparer.Ordinal);
    DateTimeOffset _next = DateTimeOffset.MaxValue;

    /// <summary>When the first wait is over.</summary>
    public DateTimeOffset Next => _next;

    public override CorrelationMatch? Add(string key, RuleMatch match)
    {
        Journal?.Added(Rule.Info.Id, key, match);
        if (!_waiting.TryGetValue(key, out var waiting))
        {
            if (match.Member == 0)
            {
                Restore(key, match);
            }
        }
        else if (match.Member > 0 && match.Time >= waiting.Time)
        {
            Forget(key);
        }

        return null;
    }

    /// <summary>Takes up what an earlier run remembered.</summary>
    public void Restore(string key, RuleMatch match)
    {
        if (_waiting.Count >= CorrelationMemory.MostGroups)
        {
            ForgetOldest();
        }

        if (_waiting.TryAdd(key, match))
        {
            Bytes += Size(key, match);
            _next = _waiting.Values.Min(each => each.Time).Plus(Rule.Span);
        }
    }

    public override IReadOnlyList<(string Key, CorrelationMatch Found)> Due(DateTimeOffset now) => now < _next ? [] : Over(now);

    (string Key, CorrelationMatch Found)[] Over(DateTimeOffset now)
    {
        Journal?.Due(Rule.Info.Id, now);
        (string Key, RuleMatch Match)[] over = [.. _waiting.Where(each => now >= each.Value.Time.Plus(Rule.Span))
            .Select(each => (each.Key, each.Value))
            .OrderBy(each => each.Value.Time)
            .ThenBy(each => each.Key, StringComparer.Ordinal)];
        foreach (var (key, _) in over)
        {
            Forget(key);
        }

        return [.. over.Select(each => (each.Key, new CorrelationMatch([each.Match], 1)))];
    }

    public override void ForgetWhatIsOver()
    {
    }

    public override void ForgetOldest()
    {
        if (_waiting.Count > 0)
        {
            Forget(_waiting.MinBy(each => (each.Value.Time, each.Key)).Key);
        }
    }

    public override void Save(MemoryJournal journal)
    {
        foreach (var (key, match) in _waiting)
        {
            journal.Waiting(Rule.Info.Id, key, match);
        }
    }

    void Forget(string key)
    {
        _waiting.Remove(key, out var match);
        Bytes -= Size(key, match!);
        _next = _waiting.Count == 0 ? DateTimeOffset.MaxValue : _waiting.Values.Min(each => each.Time).Plus(Rule.Span);
    }

    static int Size(string key, RuleMatch match) =>
        BytesOfGroup + Encoding.UTF8.GetByteCount(key) + Encoding.UTF8.GetByteCount(match.Value ?? "");
}
