namespace OpCollector.Checkpoints;

/// <summary>How older versions wrote a <see cref="KeptMatch"/>: with the names of its members, which took more room than it.</summary>
internal sealed record KeptMatchContent(DateTimeOffset Time, IReadOnlyList<string> Ids, int Member, string? Value, bool IsUsed);
