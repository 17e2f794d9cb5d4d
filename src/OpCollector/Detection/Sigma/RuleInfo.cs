namespace OpCollector.Detection.Sigma;

/// <summary>What a rule says of itself; the native rules say the same.</summary>
/// <param name="Name">The short name that other rules, <c>detection.disabled</c> and people call it by; the id where it has none.</param>
/// <param name="Stream">The stream it looks at; null for any.</param>
internal sealed record RuleInfo(
    string Id, string Name, string Title, RuleLevel Level, IReadOnlyList<string> Tags, string? Stream, string File)
{
    public bool IsCalled(string name) =>
        name.Equals(Id, StringComparison.OrdinalIgnoreCase) || name.Equals(Name, StringComparison.OrdinalIgnoreCase);
}
