using OpCollector.Checkpoints;
using OpCollector.Delivery;
using OpCollector.Storage;
using Serilog;
using Serilog.Core;

namespace OpCollector.Reporting;

/// <summary>How a collector is doing, as its state directory tells: for <c>status</c>, and for the metrics.</summary>
/// <param name="Checkpoint">Null before the first run, and where it is damaged.</param>
/// <param name="CheckpointWritten">When it moved last.</param>
/// <param name="Quarantined">How many items are in the quarantine.</param>
/// <param name="Walk">An unfinished walk: how many bytes it has, and when the last page came.</param>
/// <param name="Backfills">The unfinished ones, with the position of each in words.</param>
/// <param name="Damage">What is wrong with the checkpoint; null where it is right.</param>
internal sealed record CollectorStatus(
    DateTimeOffset Now,
    LastRun? LastRun,
    Checkpoint? Checkpoint,
    DateTimeOffset? CheckpointWritten,
    int Quarantined,
    DateTimeOffset? OldestQuarantined,
    (long Bytes, DateTimeOffset Changed)? Walk,
    IReadOnlyList<(string File, string Position)> Backfills,
    Failure? Damage = null)
{
    /// <summary>
    /// How old the newest event delivered is; null where none is known, and nothing where it is still to come.
    /// </summary>
    public TimeSpan? Lag => Checkpoint?.Position.LastEventTime?.Ago(Now);

    /// <summary>Reads it without a lock: its files may be of different moments.</summary>
    /// <param name="walks">Where this host keeps unfinished walks; null where it keeps none.</param>
    /// <param name="source">Whose events the checkpoints count; null for whatever they count.</param>
    /// <param name="log">What hears of a checkpoint that was read from the one before it.</param>
    /// <exception cref="Failure">The quarantine cannot be read (74 or 78).</exception>
    public static CollectorStatus Read(
        StateStore state, StateDirectory? walks, Quarantine quarantine, string? source, TimeProvider time, ILogger log)
    {
        var (quarantined, oldest) = quarantine.Summarize();
        var (checkpoint, damage) = Checked(new CheckpointFile(state, CheckpointFile.Main, source, log));
        return new CollectorStatus(
            time.GetUtcNow(),
            LastRunFile.Read(state, time.GetUtcNow()),
            checkpoint,
            checkpoint is null ? null : state.Written(CheckpointFile.Main),
            quarantined,
            oldest,
            walks is not null && FileAt(walks, StateDirectory.Walk) is { } walk ? (walk.Length, walk.LastWriteTimeUtc) : null,
            [.. CheckpointFile.BackfillNames(state).Select(name => (
                state.PathOf(name),
                PositionOf(new CheckpointFile(state, name, source, Logger.None))))],
            damage);
    }

    /// <summary>Whether no run ended well within <paramref name="age"/>.</summary>
    public bool IsOlderThan(TimeSpan age) => LastRun?.LastGood is not { } good || Now - good > age;

    static FileInfo? FileAt(StateDirectory state, string name) => new FileInfo(state.PathOf(name)) is { Exists: true } file ? file : null;

    static (Checkpoint? Checkpoint, Failure? Damage) Checked(CheckpointFile file)
    {
        try
        {
            return (file.Read(), null);
        }
        catch (Failure damage)
        {
            return (null, damage);
        }
    }

    static string PositionOf(CheckpointFile backfill)
    {
        var (checkpoint, damage) = Checked(backfill);
        return damage is not null ? damage.Message
            : checkpoint is null ? "at its beginning"
            : $"now at {checkpoint.Position.Text}{(checkpoint.Position.End is { } end ? $", up to {end}" : "")}";
    }
}
