namespace OpCollector.Detection.Sigma;

/// <summary>A rule whose matches a correlation looks at, and where its events hold what the correlation compares.</summary>
/// <param name="Group">The slots of the fields that its matches are grouped by.</param>
/// <param name="Value">The slot of the field whose values are counted; -1 where none are.</param>
/// <param name="CountsCountries">Whether these values are countries.</param>
internal sealed record CorrelationMember(RuleInfo Rule, IReadOnlyList<int> Group, int Value, bool CountsCountries);
