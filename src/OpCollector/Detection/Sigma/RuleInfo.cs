namespace OpCollector.Detection.Sigma;

/// <summary>What a rule says of itself; the native rules say the same.</summary>
/// <param name="Name">The short name that other rules, <c>detection.disabled</c> and people call it by; the id where it has none.</param>
/// <param name="Stream">The stream it looks at; null for any.</param>
internal sealed record RuleInfo(
    string Id, string Name, string Title, RuleLevel Level, IReadOnlyList<string> Tags, string? Stream, string File)
{
    /// <summary>Where native rules stand, and what the files begin with that are shipped.</summary>
    public const string BuiltIn = "(built in)";

    /// <summary>What it looks for, in a sentence or two.</summary>
    public string Description { get; init; } = "";

    /// <summary>What it may find although nothing is wrong.</summary>
    public IReadOnlyList<string> FalsePositives { get; init; } = [];

    /// <summary>Where more of it is said.</summary>
    public string? Reference { get; init; }

    /// <summary>Whether it looks at events, so that others can count what it finds, and a filter can leave some of it out.</summary>
    public bool HasEvents { get; init; } = true;

    /// <summary>Whether it is shipped with the program.</summary>
    public bool IsBuiltIn => File.StartsWith(BuiltIn, StringComparison.Ordinal);

    /// <summary>Whether it is one of those that Sigma cannot express.</summary>
    public bool IsNative => File == BuiltIn;

    public bool IsCalled(string name) =>
        name.Equals(Id, StringComparison.OrdinalIgnoreCase) || name.Equals(Name, StringComparison.OrdinalIgnoreCase);
}
