namespace OpCollector.Detection.Sigma.Matching;

/// <summary>How Sigma compares numbers.</summary>
internal enum NumberComparison
{
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// <summary>The comparisons by their names in rules, and what they mean.</summary>
internal static class NumberComparisons
{
    static readonly Dictionary<string, NumberComparison> Names = new()
    {
        ["eq"] = NumberComparison.Equal,
        ["neq"] = NumberComparison.NotEqual,
        ["lt"] = NumberComparison.Less,
        ["lte"] = NumberComparison.LessOrEqual,
        ["gt"] = NumberComparison.Greater,
        ["gte"] = NumberComparison.GreaterOrEqual,
    };

    public static NumberComparison? Named(string name) => Names.TryGetValue(name, out var comparison) ? comparison : null;

    public static bool Holds(this NumberComparison comparison, decimal left, decimal right) => comparison switch
    {
        NumberComparison.Equal => left == right,
        NumberComparison.NotEqual => left != right,
        NumberComparison.Less => left < right,
        NumberComparison.LessOrEqual => left <= right,
        NumberComparison.Greater => left > right,
        _ => left >= right,
    };
}
