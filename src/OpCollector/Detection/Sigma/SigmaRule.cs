namespace OpCollector.Detection.Sigma;

/// <summary>A rule that looks at one event at a time.</summary>
/// <param name="EmptyLists">The watch lists that it asks for and that hold nothing.</param>
internal sealed record SigmaRule(RuleInfo Info, Matcher Matcher, IReadOnlyCollection<string> EmptyLists)
{
    /// <summary>Whether it can match anything with the lists as they are.</summary>
    public bool IsUsable => Matcher.CanSay(isNegated: false);
}
