using OpCollector.Detection.Findings;
using OpCollector.Detection.Sigma;
using OpCollector.Detection.Sigma.Correlations;
using OpCollector.Detection.Sigma.Matching;
using OpCollector.Detection.Sigma.Reading;
using OpCollector.Events;

namespace OpCollector.Detection;

/// <summary>
/// Shows what rules have seen to the correlations that rest on them, and what these find to those above them.
/// </summary>
internal sealed class Correlator
{
    readonly EventView _view;
    readonly FindingWriter _writer;
    readonly HashSet<string> _reporting;
    readonly Dictionary<string, Parent[]> _parents;
    readonly AbsenceMemory[] _waiting;
    readonly RuleMemory _risk;
    readonly RuleMemory _stretches;
    readonly CorrelatedFields _fields;
    MemoryJournal? _journal;

    public Correlator(SigmaRules rules, HashSet<string> reporting, EventView view, FindingWriter writer, TimeSpan lateness)
    {
        (_view, _writer, _reporting) = (view, writer, reporting);
        RuleMemory[] written = [.. Needed(rules.Correlations, reporting).Select(rule => MemoryOf(rule, lateness))];
        _waiting = [.. written.OfType<AbsenceMemory>()];
        (_risk, _stretches) = (MemoryOf(NativeRules.RiskOfUser, lateness), MemoryOf(NativeRules.Stretches, lateness));
        Memories = [.. written, _risk, _stretches];
        Bound = new MemoryBound(Memories);
        _parents = written
            .SelectMany(memory => memory.Rule.Members.Select(
                (member, at) => new Parent(memory, member, at, rules.Filtered.GetValueOrDefault(memory.Rule.Info.Id))))
            .GroupBy(parent => parent.Member.Rule.Id)
            .ToDictionary(parents => parents.Key, parents => parents.ToArray());
        _fields = new CorrelatedFields(view, rules.Fields.Count);
    }

    /// <summary>What is remembered of earlier events.</summary>
    public IReadOnlyList<RuleMemory> Memories { get; }

    public MemoryBound Bound { get; }

    /// <summary>Whether some correlation rests on a rule.</summary>
    public bool RestsOn(RuleInfo rule) => _parents.ContainsKey(rule.Id);

    /// <summary>Writes down all changes from now on.</summary>
    public void WriteTo(MemoryJournal journal)
    {
        _journal = journal;
        foreach (var memory in Memories)
        {
            memory.Journal = journal;
        }
    }

    /// <summary>Forgets what was read from the last event.</summary>
    public void Begin() => _fields.Begin();

    /// <summary>When the first wait is over; null where no rule waits for something.</summary>
    public DateTimeOffset? Due
    {
        get
        {
            var due = _waiting.Select(memory => memory.Next).DefaultIfEmpty(DateTimeOffset.MaxValue).Min();
            return due == DateTimeOffset.MaxValue ? null : due;
        }
    }

    /// <summary>Moves the time on: reports what rules have waited for and did not happen until now.</summary>
    public void AdvanceTo(DateTimeOffset now, List<Finding> findings)
    {
        foreach (var memory in _waiting)
        {
            // The finding belongs to the stream of its first rule, whichever event shows that the time is over.
            var stream = memory.Rule.Members[0].Rule.Stream ?? Streams.Audit;
            foreach (var (key, found) in memory.Due(now))
            {
                var finding = FindingWriter.Missing(memory.Rule, found, stream, key);
                if (_reporting.Contains(finding.Rule.Id))
                {
                    findings.Add(finding);
                }
            }
        }
    }

    /// <summary>Adds the match of a rule to all correlations that rest on the rule.</summary>
    public void AddMatch(RuleInfo rule, DateTimeOffset time, string[] ids, string stream, List<Finding> findings)
    {
        if (!_parents.TryGetValue(rule.Id, out var parents))
        {
            return;
        }

        foreach (var (memory, member, at, filter) in parents)
        {
            // A value that a filter leaves out is still learned as seen.
            var (correlation, isLeft) = (memory.Rule, filter is not null && filter.Matches(_view));
            if ((isLeft && correlation.Type != CorrelationType.FirstSeen)
                || _fields.KeyOf(member) is not { } key
                || !_fields.TryValue(correlation, member, out var value))
            {
                continue;
            }

            value ??= correlation.Type == CorrelationType.Absence ? _writer.Sentence(stream) : null;
            var found = memory.Add(key, new RuleMatch(time, ids, at, value));
            KeepBound();
            if (found is not null && !isLeft)
            {
                if (_reporting.Contains(correlation.Info.Id))
                {
                    findings.Add(_writer.Several(correlation, found, stream, key, _fields.GroupOf(correlation, member)));
                }

                AddMatch(correlation.Info, found.Matches[^1].Time, FindingWriter.IdsOf(found), stream, findings);
            }
        }
    }

    /// <summary>Adds the most severe finding to the risk of the person that it is about.</summary>
    public void AddRisk(List<Finding> findings, string stream)
    {
        if (!_reporting.Contains(_risk.Rule.Info.Id))
        {
            return;
        }

        // Several rules may report one event, of which the most severe counts.
        if (findings.MaxBy(finding => finding.Rule.Level) is not
            { Evidence: { Time: { } time, Entities.Users: [var user, ..], EventIds: { Count: > 0 } ids } } gravest)
        {
            return;
        }

        var risk = new RiskMatch(NativeRules.PointsOf(gravest.Rule.Level), gravest.Rule.Name, gravest.Id);
        var found = _risk.Add(user.Uuid.ToUpperInvariant(), new RuleMatch(time, [.. ids], 0, risk.Value));
        KeepBound();
        if (found is not null)
        {
            findings.Add(_writer.Risk(_risk.Rule.Info, found, stream, user));
        }
    }

    /// <summary>Whether this is the first event of a stretch of time outside somebody's working hours.</summary>
    public bool BeginsStretch(string user, string stretch, DateTimeOffset time, string id)
    {
        var found = _stretches.Add(user.ToUpperInvariant(), new RuleMatch(time, [id], 0, stretch));
        KeepBound();
        return found is not null;
    }

    void KeepBound()
    {
        if (Bound.Keep())
        {
            _journal?.Bounded();
        }
    }

    static RuleMemory MemoryOf(Correlation rule, TimeSpan lateness) => rule.Type switch
    {
        CorrelationType.FirstSeen => new SeenMemory(rule, lateness),
        CorrelationType.Absence => new AbsenceMemory(rule),
        _ => new CorrelationMemory(rule, lateness),
    };

    // What is wanted, and what it rests on.
    static IEnumerable<Correlation> Needed(IReadOnlyList<Correlation> all, HashSet<string> reporting)
    {
        var needed = all.Where(each => reporting.Contains(each.Info.Id)).Select(each => each.Info.Id).ToHashSet();
        foreach (var correlation in all.Reverse())
        {
            if (needed.Contains(correlation.Info.Id))
            {
                needed.UnionWith(correlation.Members.Select(member => member.Rule.Id));
            }
        }

        return all.Where(each => needed.Contains(each.Info.Id));
    }

    /// <summary>A correlation that rests on a rule, and as which of its members.</summary>
    /// <param name="At">The place of the member among them.</param>
    /// <param name="Filter">What is left out of the correlation; null where nothing is.</param>
    sealed record Parent(RuleMemory Memory, CorrelationMember Member, int At, Matcher? Filter);
}
