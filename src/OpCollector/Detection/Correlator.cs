using System.Security.Cryptography;
using System.Text;
using OpCollector.Detection.Sigma;

namespace OpCollector.Detection;

/// <summary>
/// Shows what rules have seen to the correlations that rest on them, and what these find to those above them. It reads the fields that are
/// grouped by and counted from the event that the view shows.
/// </summary>
internal sealed class Correlator
{
    const int LongestValue = 100;

    readonly EventView _view;
    readonly FindingWriter _writer;
    readonly HashSet<string> _reporting;
    readonly IReadOnlyDictionary<string, Matcher> _filtered;
    readonly ILookup<string, (RuleMemory Memory, int Member)> _parents;
    readonly RuleMemory[] _waiting;
    readonly RuleMemory _risk;
    readonly RuleMemory _stretches;
    readonly string?[] _folded;
    readonly bool[] _isFolded;
    MemoryJournal? _journal;

    public Correlator(SigmaRules rules, HashSet<string> reporting, EventView view, FindingWriter writer, TimeSpan lateness)
    {
        (_view, _writer, _reporting, _filtered) = (view, writer, reporting, rules.Filtered);
        RuleMemory[] written = [.. Needed(rules.Correlations, reporting).Select(rule => MemoryOf(rule, lateness))];
        _waiting = [.. written.Where(memory => memory.Rule.Type == CorrelationType.Absence)];
        (_risk, _stretches) = (MemoryOf(NativeRules.RiskOfUser, lateness), MemoryOf(NativeRules.Stretches, lateness));
        Memories = [.. written, _risk, _stretches];
        Bound = new MemoryBound(Memories);
        _parents = written
            .SelectMany(memory => memory.Rule.Members.Select((member, at) => (member.Rule.Id, Parent: (memory, at))))
            .ToLookup(each => each.Id, each => each.Parent);
        (_folded, _isFolded) = (new string?[rules.Fields.Count], new bool[rules.Fields.Count]);
    }

    /// <summary>What is remembered of earlier events.</summary>
    public IReadOnlyList<RuleMemory> Memories { get; }

    public MemoryBound Bound { get; }

    /// <summary>Whether some correlation rests on a rule.</summary>
    public bool RestsOn(RuleInfo rule) => _parents.Contains(rule.Id);

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
    public void Begin() => Array.Clear(_isFolded);

    /// <summary>Tells what has not happened until now.</summary>
    public void Pass(DateTimeOffset now, string stream, List<Finding> findings)
    {
        foreach (var memory in _waiting)
        {
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

    /// <summary>Shows a rule's match to all that rest on it.</summary>
    public void Show(RuleInfo rule, DateTimeOffset time, IReadOnlyList<string> ids, string stream, List<Finding> findings)
    {
        foreach (var (memory, at) in _parents[rule.Id])
        {
            var (correlation, member) = (memory.Rule, memory.Rule.Members[at]);
            // What is left out of new values is learned all the same.
            var isLeft = _filtered.TryGetValue(correlation.Info.Id, out var left) && left.Matches(_view);
            if ((isLeft && correlation.Type != CorrelationType.FirstSeen)
                || KeyOf(member) is not { } key
                || !TryValue(correlation, member, out var value))
            {
                continue;
            }

            var found = memory.Add(key, new Match(time, ids, at, value));
            KeepBound();
            if (found is not null && !isLeft)
            {
                if (_reporting.Contains(correlation.Info.Id))
                {
                    findings.Add(_writer.Several(correlation, found, stream, key, GroupOf(correlation, member)));
                }

                Show(correlation.Info, found.Matches[^1].Time, FindingWriter.IdsOf(found), stream, findings);
            }
        }
    }

    /// <summary>Adds findings to what is held against the person they are about.</summary>
    public void Weigh(List<Finding> findings, string stream)
    {
        if (!_reporting.Contains(_risk.Rule.Info.Id))
        {
            return;
        }

        // Several rules may tell of one event, of which the gravest counts.
        if (findings.MaxBy(finding => finding.Rule.Level) is not
            { Evidence: { Time: { } time, Entities.Users: [var user, ..], EventIds: { Count: > 0 } ids } } gravest)
        {
            return;
        }

        var value = $"{NativeRules.PointsOf(gravest.Rule.Level)} {gravest.Rule.Name} {gravest.Id}";
        var found = _risk.Add(user.Uuid.ToUpperInvariant(), new Match(time, ids, 0, value));
        KeepBound();
        if (found is not null)
        {
            findings.Add(_writer.Risk(_risk.Rule.Info, found, stream, user));
        }
    }

    /// <summary>Whether this is the first event of a stretch of time outside somebody's working hours.</summary>
    public bool BeginsStretch(string user, string stretch, DateTimeOffset time, string id)
    {
        var found = _stretches.Add(user.ToUpperInvariant(), new Match(time, [id], 0, stretch));
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

    /// <summary>What of the event is counted; false where it lacks one of the fields.</summary>
    bool TryValue(Correlation rule, CorrelationMember member, out string? value)
    {
        value = rule.Type == CorrelationType.Absence ? _writer.Sentence : null;
        if (rule.Type == CorrelationType.Travel)
        {
            value = Journey.PlaceOf(Said(member, 0), Said(member, 1), Said(member, 2) ?? Said(member, 3));
            return value is not null;
        }

        if (member.Values.Count == 0)
        {
            return true;
        }

        var values = new string[member.Values.Count];
        for (var at = 0; at < values.Length; at++)
        {
            if (Said(member, at) is not { } said)
            {
                return false;
            }

            values[at] = member.Values[at].Kind switch
            {
                // One country is one, whether an event says its code or its name.
                FieldKind.Country => Countries.CodeOf(said) ?? Short(said),
                FieldKind.Network => Networks.Around(said) ?? Short(said),
                FieldKind.Counters => said.Split(',') is [_, _, var deleted, ..] ? deleted : said,
                _ => Short(said),
            };
        }

        value = values is [var only] ? only : string.Join(Correlation.BetweenValues, values);
        return !rule.IsCalculated || NumberText.Of(value) is not null;
    }

    string? Said(CorrelationMember member, int at) => at < member.Values.Count ? Folded(member.Values[at].Slot) : null;

    // Upper and lower case are alike; and several rules ask for the same fields of an event.
    string? Folded(int slot)
    {
        if (slot >= _folded.Length)
        {
            return _view.Said(slot)?.ToUpperInvariant();
        }

        if (!_isFolded[slot])
        {
            (_folded[slot], _isFolded[slot]) = (_view.Said(slot)?.ToUpperInvariant(), true);
        }

        return _folded[slot];
    }

    // Values are only compared, and some are as long as their sender likes.
    static string Short(string value) =>
        value.Length <= LongestValue ? value : $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(value)))}";

    /// <summary>Null where the event lacks one of the fields: what is absent is equal to nothing, and no group.</summary>
    string? KeyOf(CorrelationMember member)
    {
        var parts = new string[member.Group.Count];
        for (var at = 0; at < parts.Length; at++)
        {
            if (Folded(member.Group[at]) is not { } said)
            {
                return null;
            }

            parts[at] = said;
        }

        return parts is [var only] ? only : string.Join(Correlation.BetweenValues, parts);
    }

    (string Field, string Value)[] GroupOf(Correlation rule, CorrelationMember member) =>
        [.. rule.GroupBy.Zip(member.Group, (field, slot) => (field, _view.Said(slot) ?? ""))];

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
}
