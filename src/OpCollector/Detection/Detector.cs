using System.Security.Cryptography;
using System.Text;
using OpCollector.Detection.Sigma;
using OpCollector.Events;

namespace OpCollector.Detection;

/// <summary>
/// Shows every event to the rules, one after the other, and remembers what correlations need. It knows no clock: the same events
/// in the same order make the same findings.
/// </summary>
internal sealed class Detector
{
    const int LongestValue = 100;
    const char BetweenGroups = '\u001f';

    readonly EventView _view;
    readonly EventSummary _summary;
    readonly WorkingHours _hours;
    readonly HashSet<string> _reporting;
    readonly bool _watchesHours;
    readonly Dictionary<string, RuleIndex> _indexes;
    readonly CorrelationMemory[] _memories;
    readonly IReadOnlyDictionary<string, Matcher> _filtered;
    readonly MemoryBound _bound;
    readonly ILookup<string, (CorrelationMemory Memory, int Member)> _parents;
    readonly int _actor;
    readonly int _actorAddress;
    readonly int _signedIn;
    readonly int _signedInAddress;
    readonly int _category;
    readonly int _action;

    /// <param name="reporting">The ids of the rules whose findings are wanted; the others work for correlations only.</param>
    public Detector(SigmaRules rules, IEnumerable<string> reporting, WorkingHours hours)
    {
        var fields = rules.Fields;
        (_actor, _actorAddress, _signedIn, _signedInAddress) =
            (fields.Slot("actor_uuid"), fields.Slot("actor_email"), fields.Slot("target_user.uuid"), fields.Slot("target_user.email"));
        (_category, _action) = (fields.Slot("category"), fields.Slot("action"));
        _summary = new EventSummary(fields);
        _view = new EventView(fields);
        _hours = hours;
        _reporting = [.. reporting];
        _filtered = rules.Filtered;
        _memories = [.. Needed(rules.Correlations).Select(correlation => new CorrelationMemory(correlation))];
        _bound = new MemoryBound(_memories);
        _parents = _memories
            .SelectMany(memory => memory.Rule.Members.Select((member, at) => (member.Rule.Id, Parent: (memory, at))))
            .ToLookup(each => each.Id, each => each.Parent);
        _watchesHours = !hours.IsEmpty && (_reporting.Contains(NativeRules.OffHours.Id) || _parents.Contains(NativeRules.OffHours.Id));
        var needed =
            rules.Rules.Where(rule => rule.IsUsable && (_reporting.Contains(rule.Info.Id) || _parents.Contains(rule.Info.Id))).ToArray();
        _indexes = Streams.All.ToDictionary(
            stream => stream,
            stream => new RuleIndex(needed.Where(rule => rule.Info.Stream is null || rule.Info.Stream == stream), _action));
    }

    /// <summary>What correlations remember, for the checkpoint.</summary>
    public IReadOnlyList<CorrelationMemory> Memories => _memories;

    /// <summary>That a correlation had to forget something; each once.</summary>
    public IEnumerable<string> Warnings => _memories.Select(memory => memory.Warning).Append(_bound.Warning).OfType<string>();

    /// <summary>The findings that an event causes, in the order of the rules.</summary>
    /// <param name="bytes">The event as it is delivered: a JSON object.</param>
    /// <param name="id">What receivers know the event by.</param>
    /// <param name="time">When it happened; without it no correlation counts it, and nobody's working hours are asked.</param>
    public IReadOnlyList<Finding> Evaluate(ReadOnlyMemory<byte> bytes, string stream, string id, DateTimeOffset? time)
    {
        if (!_indexes.TryGetValue(stream, out var index))
        {
            return [];
        }

        _view.Read(bytes);
        List<Finding>? findings = null;
        foreach (var rule in index.For(_view))
        {
            if (!rule.Matcher.Matches(_view))
            {
                continue;
            }

            Tell(rule.Info, bytes, stream, id, time, ref findings);
        }

        if (time is { } moment && _watchesHours && IsOffHours(stream, moment))
        {
            Tell(NativeRules.OffHours, bytes, stream, id, time, ref findings);
        }

        return findings ?? (IReadOnlyList<Finding>)[];
    }

    /// <summary>Reports what a rule has seen, where it is wanted, and shows it to the correlations that rest on the rule.</summary>
    void Tell(
        RuleInfo rule, ReadOnlyMemory<byte> bytes, string stream, string id, DateTimeOffset? time, ref List<Finding>? findings)
    {
        if (rule.IsNative && _filtered.TryGetValue(rule.Id, out var left) && left.Matches(_view))
        {
            return;
        }

        if (_reporting.Contains(rule.Id))
        {
            (findings ??= []).Add(FindingJson.Write(rule, stream, time, _summary.Of(rule, _view), [id], "", bytes));
        }

        if (time is { } when && _parents.Contains(rule.Id))
        {
            Correlate(rule, when, [id], stream, findings ??= []);
            _bound.Keep();
        }
    }

    void Correlate(RuleInfo rule, DateTimeOffset time, IReadOnlyList<string> ids, string stream, List<Finding> findings)
    {
        foreach (var (memory, at) in _parents[rule.Id])
        {
            var (correlation, member) = (memory.Rule, memory.Rule.Members[at]);
            var value = Counted(member);
            if ((_filtered.TryGetValue(correlation.Info.Id, out var left) && left.Matches(_view))
                || GroupOf(member) is not { } group
                || (value is null && member.Values.Count > 0)
                || (IsCalculated(correlation) && NumberText.Of(value!) is null)
                || memory.Add(group, new Match(time, ids, at, value)) is not { } told)
            {
                continue;
            }

            string[] eventIds = [.. told.SelectMany(match => match.Ids).Distinct()];
            if (_reporting.Contains(correlation.Info.Id))
            {
                var summary = _summary.Of(correlation.Info, _view, eventIds.Length, correlation.Span);
                findings.Add(FindingJson.Write(correlation.Info, stream, told[^1].Time, summary, eventIds, group, _view.Bytes));
            }

            Correlate(correlation.Info, told[^1].Time, eventIds, stream, findings);
        }
    }

    static bool IsCalculated(Correlation rule) =>
        rule.Type is CorrelationType.ValueSum or CorrelationType.ValueAvg or CorrelationType.ValuePercentile;

    /// <summary>What of the event is counted; null where it lacks one of the fields.</summary>
    string? Counted(CorrelationMember member)
    {
        var values = new string?[member.Values.Count];
        for (var at = 0; at < values.Length; at++)
        {
            var (slot, isCountry) = member.Values[at];
            if (_view.Said(slot) is not { } said)
            {
                return null;
            }

            // One country is one, whether an event says its code or its name.
            values[at] = (isCountry ? Countries.CodeOf(said) : null) ?? Short(said.ToUpperInvariant());
        }

        return values is [var only] ? only : string.Join(BetweenGroups, values);
    }

    // Values are only compared, and some are as long as their sender likes.
    static string Short(string value) =>
        value.Length <= LongestValue ? value : $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(value)))}";

    /// <summary>Null where the event lacks one of the fields: what is absent is equal to nothing, and no group.</summary>
    string? GroupOf(CorrelationMember member)
    {
        var parts = new string?[member.Group.Count];
        for (var at = 0; at < parts.Length; at++)
        {
            // As with values, upper and lower case are alike.
            parts[at] = _view.Said(member.Group[at])?.ToUpperInvariant();
            if (parts[at] is null)
            {
                return null;
            }
        }

        return string.Join(BetweenGroups, parts);
    }

    bool IsOffHours(string stream, DateTimeOffset time) => stream switch
    {
        Streams.Audit =>
            _view.Said(_actor) is { } actor
                && _hours.IsOutside(actor, _view.Said(_actorAddress), time)
                && !NativeRules.Automatic.Contains(_view.Said(_action)),
        Streams.SignIn =>
            _view.Said(_signedIn) is { } user
                && _hours.IsOutside(user, _view.Said(_signedInAddress), time)
                && _view.Said(_category) is "success" or "firewall_reported_success",
        _ => false,
    };

    // What is wanted, and what it rests on.
    IEnumerable<Correlation> Needed(IReadOnlyList<Correlation> all)
    {
        var needed = all.Where(each => _reporting.Contains(each.Info.Id)).Select(each => each.Info.Id).ToHashSet();
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
