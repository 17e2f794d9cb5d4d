namespace OpCollector.Checkpoints;

/// <summary>How a <see cref="KeptGroup"/> is read.</summary>
internal sealed record KeptGroupContent(string Rule, string Key, DateTimeOffset? FiredAt, IReadOnlyList<KeptMatch> Matches);
