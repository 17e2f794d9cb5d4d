namespace OpCollector.Detection.Sigma;

/// <summary>Rules that have been read and found right.</summary>
/// <param name="Correlations">Each after those whose findings it looks at.</param>
/// <param name="UuidLists">The watch lists that some rule compares with uuids, so that their entries have to be known.</param>
/// <param name="AskedLists">The watch lists that some rule asks for.</param>
/// <param name="LeftOut">How many rules stood among them that are for other products.</param>
internal sealed record SigmaRules(
    FieldTable Fields,
    IReadOnlyList<SigmaRule> Rules,
    IReadOnlyList<Correlation> Correlations,
    IReadOnlyCollection<string> UuidLists,
    IReadOnlyCollection<string> AskedLists,
    int LeftOut)
{
    public IEnumerable<RuleInfo> All => Rules.Select(rule => rule.Info).Concat(Correlations.Select(correlation => correlation.Info));
}

/// <summary>A rule that looks at one event at a time.</summary>
/// <param name="EmptyLists">The watch lists that it asks for and that hold nothing.</param>
internal sealed record SigmaRule(RuleInfo Info, Matcher Matcher, IReadOnlyCollection<string> EmptyLists)
{
    /// <summary>Whether it can match anything with the lists as they are.</summary>
    public bool IsUsable => Matcher.CanSay(isNegated: false);
}
