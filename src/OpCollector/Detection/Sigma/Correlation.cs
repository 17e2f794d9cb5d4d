namespace OpCollector.Detection.Sigma;

/// <summary>A rule about the matches of other rules within a window of time. Its far edge is inside: 5 minutes are 5 minutes.</summary>
/// <param name="Conditions">What the count has to be; all of them hold.</param>
/// <param name="Generate">Whether the rules beside it in its file report on their own as well.</param>
internal sealed record Correlation(
    RuleInfo Info,
    CorrelationType Type,
    IReadOnlyList<CorrelationMember> Members,
    TimeSpan Span,
    IReadOnlyList<(Comparison Comparison, int Count)> Conditions,
    bool Generate)
{
    public bool Holds(int count) => Conditions.All(condition => condition.Comparison.Holds(count, condition.Count));
}

/// <summary>What a correlation looks for in its window of time.</summary>
internal enum CorrelationType
{
    EventCount,
    ValueCount,
    Temporal,
    TemporalOrdered,
}

/// <summary>A rule whose matches a correlation looks at, and where its events hold what the correlation compares.</summary>
/// <param name="Group">The slots of the fields that its matches are grouped by.</param>
/// <param name="Value">The slot of the field whose values are counted; -1 where none are.</param>
/// <param name="CountsCountries">Whether these values are countries.</param>
internal sealed record CorrelationMember(RuleInfo Rule, IReadOnlyList<int> Group, int Value, bool CountsCountries);
