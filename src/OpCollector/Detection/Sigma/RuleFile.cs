namespace OpCollector.Detection.Sigma;

/// <summary>A file of rules: its name as complaints show it, and what stands in it.</summary>
internal sealed record RuleFile(string Name, string Text);
