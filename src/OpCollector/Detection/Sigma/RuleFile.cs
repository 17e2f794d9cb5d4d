namespace OpCollector.Detection.Sigma;

/// <summary>A file of rules: its name as complaints show it, and its text.</summary>
internal sealed record RuleFile(string Name, string Text);
