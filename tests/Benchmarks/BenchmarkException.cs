namespace Benchmarks;

/// <summary>Why there is nothing to measure, or why a measurement counts for nothing.</summary>
internal sealed class BenchmarkException(string message) : Exception(message);
