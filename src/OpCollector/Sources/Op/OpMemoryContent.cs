namespace OpCollector.Sources.Op;

/// <summary>How <see cref="OpMemory"/> lies on the disk.</summary>
/// <param name="Executable">Path, size and time of change of the op that <paramref name="Version"/> belongs to.</param>
internal sealed record OpMemoryContent(string? Executable = null, string? Version = null, Refusal? Refusal = null, long TotpStep = 0);
