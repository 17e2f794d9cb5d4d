using OpCollector.Detection.Sigma;

namespace OpCollector.Detection;

/// <summary>A rule, and why it does not report; null when it does.</summary>
/// <param name="Without">The watch lists that are empty, so that it sees less than it could.</param>
internal sealed record RuleStatus(RuleInfo Rule, Inactivity? Inactivity, IReadOnlyCollection<string> Without)
{
    public bool IsActive => Inactivity is null;

    /// <summary>Whether it is a part of another rule and does not report by itself.</summary>
    public bool IsPart => Inactivity?.Because == InactiveBecause.IsPart;

    /// <summary>Whether it would report if a list, or working hours, were configured.</summary>
    public bool Lacks => Inactivity?.Because == InactiveBecause.LacksSetting;

    /// <summary>Why it does not report, in words; null when it does.</summary>
    public string? WhyNot => Inactivity?.Text;
}

/// <summary>Why a rule does not report.</summary>
/// <param name="Text">The reason in words.</param>
internal sealed record Inactivity(InactiveBecause Because, string Text);

/// <summary>What keeps a rule from reporting.</summary>
internal enum InactiveBecause
{
    /// <summary>The configuration does not want its findings.</summary>
    NotWanted,

    /// <summary>It belongs to a correlation in the same file, which reports instead.</summary>
    IsPart,

    /// <summary>A watch list, or working hours, are missing or empty.</summary>
    LacksSetting,
}
