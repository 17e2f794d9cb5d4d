namespace OpCollector.Checkpoints;

/// <summary>What a correlation remembers of one group, from one run to the next.</summary>
/// <param name="Rule">The id of the correlation.</param>
/// <param name="Key">What its matches have in common.</param>
/// <param name="FiredAt">The time of its last finding; null where there was none.</param>
internal sealed record KeptGroup(string Rule, string Key, DateTimeOffset? FiredAt, IReadOnlyList<KeptMatch> Matches);
