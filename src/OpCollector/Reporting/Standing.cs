using OpCollector.Checkpoints;

namespace OpCollector.Reporting;

/// <summary>Where a collector stands, as its state directory tells: for <c>status</c>, and for the metrics.</summary>
/// <param name="Checkpoint">Null before the first run, and where it is damaged.</param>
/// <param name="CheckpointWritten">When it moved last.</param>
/// <param name="Quarantined">How many items lie in the quarantine.</param>
/// <param name="Walk">An unfinished walk: how many bytes it has, and when the last page came.</param>
/// <param name="Backfills">The unfinished ones, with the position of each in words.</param>
internal sealed record Standing(
    DateTimeOffset Now,
    LastRun? LastRun,
    Checkpoint? Checkpoint,
    DateTimeOffset? CheckpointWritten,
    int Quarantined,
    DateTimeOffset? OldestQuarantined,
    (long Bytes, DateTimeOffset Changed)? Walk,
    IReadOnlyList<(string File, string Position)> Backfills)
{
    /// <summary>How far the newest event delivered lies behind now; null where none is known, and nothing where it is still to come.</summary>
    public TimeSpan? Lag => Checkpoint?.LastEventTime?.Ago(Now);

    /// <summary>Whether no run ended well within <paramref name="age"/>.</summary>
    public bool IsOlderThan(TimeSpan age) => LastRun?.LastGood is not { } good || Now - good > age;
}
