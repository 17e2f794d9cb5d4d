using OpCollector.Detection.Sigma;
using OpCollector.Detection.Sigma.Correlations;
using OpCollector.Detection.Sigma.Matching;
using OpCollector.Names;

namespace OpCollector.Detection.Findings;

/// <summary>Makes a finding of what a rule has seen in the event that a view shows, and in events before it.</summary>
internal sealed class FindingWriter(FieldTable fields, EventView view, Sentences sentences)
{
    readonly EventSummary _summary = new(fields, sentences);
    readonly EntityReader _entities = new(fields);

    /// <summary>What happened, in a sentence, for a finding that is made when the event has gone.</summary>
    public string Sentence(string stream) => _summary.Summarize(view, stream);

    /// <summary>Of a rule that looks at one event.</summary>
    public Finding One(RuleInfo rule, string stream, string id, DateTimeOffset? time) => FindingJson.Write(
        rule,
        new Evidence(stream, time, _summary.Summarize(rule, view, stream), [id], view.Bytes) { Entities = _entities.Read(view, stream) });

    /// <summary>Of a rule that looks at several events.</summary>
    /// <param name="key">What they have in common, as the rule compares it.</param>
    public Finding Several(
        Correlation rule, CorrelationMatch found, string stream, string key, IReadOnlyList<(string Field, string Value)> group)
    {
        var ids = IdsOf(found);
        var isCount = rule.Type is CorrelationType.EventCount or CorrelationType.ValueCount or CorrelationType.Risk;
        var count = isCount ? found.Number : found.Matches.Count;
        var summary = _summary.Summarize(rule, found, view, stream);
        return FindingJson.Write(rule.Info, new Evidence(stream, found.Matches[^1].Time, summary, ids, view.Bytes)
        {
            Key = key,
            Group = group,
            Several = (count, found.Matches[0].Time, found.Matches[^1].Time),
            Entities = _entities.Read(view, stream),
        });
    }

    /// <summary>Of something that did not happen: the event that showed it has nothing to do with it.</summary>
    public static Finding Missing(Correlation rule, CorrelationMatch found, string stream, string key)
    {
        var (match, values) = (found.Matches[0], key.Split(Correlation.BetweenValues));
        var summary = $"{rule.Info.Title}: {match.Value}, and nothing of it within {EventSummary.Span(rule.Span)}";
        return FindingJson.Write(rule.Info, new Evidence(stream, match.Time, summary, match.Ids, default)
        {
            Key = key,
            Group = [.. rule.GroupBy.Zip(values)],
            Several = (1, match.Time, match.Time.Plus(rule.Span)),
        });
    }

    /// <summary>Of several findings about one person.</summary>
    public Finding Risk(RuleInfo rule, CorrelationMatch found, string stream, UserEntity user)
    {
        RiskMatch[] parts = [.. found.Matches.Select(match => RiskMatch.Parse(match.Value))];
        var rules = string.Join(", ", parts.Select(part => part.Rule).Distinct());
        return FindingJson.Write(rule, new Evidence(
            stream, found.Matches[^1].Time, $"{rule.Title}: {rules}, by {user.Email ?? user.Name ?? user.Uuid}", IdsOf(found), view.Bytes)
        {
            Key = user.Uuid.ToUpperInvariant(),
            Group = [("user", user.Uuid)],
            Several = (found.Matches.Count, found.Matches[0].Time, found.Matches[^1].Time),
            Findings = [.. parts.Select(part => part.FindingId)],
            Entities = new Entities([user], [], [], [], [], []),
        });
    }

    /// <summary>The events that it rests on.</summary>
    public static string[] IdsOf(CorrelationMatch found) => [.. found.Matches.SelectMany(match => match.Ids).Distinct()];
}
