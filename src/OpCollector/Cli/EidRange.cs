using System.Globalization;
using OpCollector.Checkpoints;
using OpCollector.Sources;

namespace OpCollector.Cli;

/// <summary>What is newer than an event of op's log, up to and with another; without that one, up to where cron is.</summary>
internal sealed class EidRange(long from, long? to) : BackfillRange
{
    public override string Key => string.Create(CultureInfo.InvariantCulture, $"{from} {to}");

    public override async Task<(Checkpoint Checkpoint, BackfillContent? Content)?> BeginAsync(Setup setup, Source source, CancellationToken ct)
    {
        var end = to ?? await EndAsync(setup, source, ct);
        if (end > from)
        {
            return (Checkpoint.At(setup.Fingerprint, from), new BackfillContent(from, end));
        }

        setup.Log.Warning("Nothing to backfill: cron, or the log, has not gone beyond event {From}", from);
        return null;
    }

    /// <summary>Where cron is: what is newer comes from there, and nothing twice. Without a checkpoint: the newest event.</summary>
    public static async Task<long> EndAsync(Setup setup, Source source, CancellationToken ct) =>
        setup.Checkpoints.Read()?.LastEventId ?? (await source.AnchorAsync(new Start("latest"), ct)).LastEventId;
}
