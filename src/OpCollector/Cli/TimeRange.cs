using OpCollector.Sources;

namespace OpCollector.Cli;

/// <summary>What happened from a moment to another, both included; without the second, to where cron is.</summary>
/// <param name="stream">The only stream that is wanted; null for all of them.</param>
internal sealed class TimeRange(AskedTime since, AskedTime? until, string? stream, string key) : BackfillRange
{
    public override string Key => key;

    public override Task<Position?> BeginAsync(Host host, Source source, CancellationToken ct) =>
        source.BackfillAsync(since.Time, until?.Time, stream, host.Checkpoints.Read()?.Position, ct);
}
