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
