namespace OpCollector.Checkpoints;

/// <summary>What an unfinished backfill was asked to do; all of it is fixed at its first start.</summary>
/// <param name="Since">From which time on, where it goes by time; "24 hours ago" is no longer the same when it goes on.</param>
internal sealed record BackfillContent(long From, long To, DateTimeOffset? Since = null, DateTimeOffset? Until = null);
