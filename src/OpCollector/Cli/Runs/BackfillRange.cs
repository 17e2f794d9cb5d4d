using System.Globalization;
using OpCollector.Cli.Hosting;
using OpCollector.Cli.Input;
using OpCollector.Sources;

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

    public override Task<Position?> BeginAsync(Host host, Source source, CancellationToken ct) =>
        source.BackfillEventsAsync(from, to, to is null ? host.Checkpoints.Read()?.Position : null, ct);
}

/// <summary>What happened from a moment to another, both included; without the second, to where cron is.</summary>
/// <param name="stream">The only stream that is wanted; null for all of them.</param>
internal sealed class TimeRange(AskedTime since, AskedTime? until, string? stream, string key) : BackfillRange
{
    public override string Key => key;

    public override Task<Position?> BeginAsync(Host host, Source source, CancellationToken ct) =>
        source.BackfillAsync(since.Time, until?.Time, stream, host.Checkpoints.Read()?.Position, ct);
}
