namespace OpCollector.Detection.Sigma;

/// <summary>How Sigma compares numbers.</summary>
internal enum Comparison
{
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// <summary>The comparisons by their names in rules, and what they mean.</summary>
internal static class Comparisons
{
    static readonly Dictionary<string, Comparison> Names = new()
    {
        ["eq"] = Comparison.Equal,
        ["neq"] = Comparison.NotEqual,
        ["lt"] = Comparison.Less,
        ["lte"] = Comparison.LessOrEqual,
        ["gt"] = Comparison.Greater,
        ["gte"] = Comparison.GreaterOrEqual,
    };

    public static Comparison? Named(string name) => Names.TryGetValue(name, out var comparison) ? comparison : null;

    public static bool Holds(this Comparison comparison, decimal left, decimal right) => comparison switch
    {
        Comparison.Equal => left == right,
        Comparison.NotEqual => left != right,
        Comparison.Less => left < right,
        Comparison.LessOrEqual => left <= right,
        Comparison.Greater => left > right,
        _ => left >= right,
    };
}
