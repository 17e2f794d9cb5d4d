namespace OpCollector.Detection.Sigma;

/// <summary>How grave a finding of a rule is, as Sigma names it; ascending.</summary>
internal enum RuleLevel
{
    Informational,
    Low,
    Medium,
    High,
    Critical,
}
