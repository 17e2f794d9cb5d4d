using OpCollector.Detection.Sigma;

namespace OpCollector.Detection;

/// <summary>A rule, and why it does not report; null when it does.</summary>
/// <param name="Without">The watch lists that are empty, so that it sees less than it could.</param>
internal sealed record RuleStatus(RuleInfo Rule, string? WhyNot, IReadOnlyCollection<string> Without)
{
    public bool IsActive => WhyNot is null;

    /// <summary>Whether it is a part of another rule and does not report by itself.</summary>
    public bool IsPart => WhyNot?.StartsWith("a part of ", StringComparison.Ordinal) ?? false;

    /// <summary>Whether it would report if a list, or working hours, were configured.</summary>
    public bool Lacks => WhyNot?.StartsWith("detection.", StringComparison.Ordinal) ?? false;
}
