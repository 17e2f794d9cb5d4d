namespace Benchmarks;

/// <summary>What a contestant came to over all its rounds.</summary>
internal sealed record Result(string Name, int Events, Measurement Median)
{
    public static Result Of(string name, int events, IReadOnlyList<Measurement> measured) =>
        new(name, events, Measurement.MedianOf(measured));
}
