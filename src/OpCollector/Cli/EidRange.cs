using System.Globalization;
using OpCollector.Sources;
using OpCollector.Sources.Op;

namespace OpCollector.Cli;

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
        ((OpPosition)(host.Checkpoints.Read()?.Position ?? await source.AnchorAsync(new Start("latest"), ct))).LastEventId;
}
