namespace OpCollector.Checkpoints;

/// <summary>What an unfinished backfill was asked to do; <paramref name="To"/> is fixed at its first start.</summary>
internal sealed record BackfillContent(long From, long To);
