using System.Globalization;
using OpCollector.Cli.Hosting;
using OpCollector.Cli.Input;
using OpCollector.Sources;
using OpCollector.Sources.Op;

namespace OpCollector.Cli.Runs;

/// <summary>The part of a log that a backfill is asked for.</summary>
internal abstract class BackfillRange
{
    /// <summary>Equal for equal ranges, so that a command finds what an interrupted one left.</summary>
    public abstract string Key { get; }

    /// <summary>Where it begins, with an end that is fixed from now on; null where there is nothing in it.</summary>
    public abstract Task<Position?> BeginAsync(Host host, Source source, CancellationToken ct);
}

/// <summary>What is newer than an event of op's log, up to and with another; without that one, up to where cron is.</summary>
internal sealed class EidRange(long from, long? to) : BackfillRange
{
    public override string Key => string.Create(CultureInfo.InvariantCulture, $"{from} {to}");

    public override async Task<Position?> BeginAsync(Host host, Source source, CancellationToken ct)
    {
        var end = to ?? await EndAsync(host, source, ct);
        if (end > from)
        {
            return OpPosition.At(host.Fingerprint, from) with { Backfill = new OpBackfill(from, end) };
        }

        host.Log.Warning("Nothing to backfill: cron, or the log, has not gone beyond event {From}", from);
        return null;
    }

    // Where cron is: what is newer comes from there, and nothing twice. Without a checkpoint: the newest event.
    static async Task<long> EndAsync(Host host, Source source, CancellationToken ct) =>
        ((OpPosition)(host.Checkpoints.Read()?.Position ?? await source.AnchorAsync(new StartingPoint("latest"), ct))).LastEventId;
}

/// <summary>What happened from a moment to another, both included; without the second, to where cron is.</summary>
/// <param name="stream">The only stream that is wanted; null for all of them.</param>
internal sealed class TimeRange(AskedTime since, AskedTime? until, string? stream, string key) : BackfillRange
{
    public override string Key => key;

    public override Task<Position?> BeginAsync(Host host, Source source, CancellationToken ct) =>
        source.BackfillAsync(since.Time, until?.Time, stream, host.Checkpoints.Read()?.Position, ct);
}
