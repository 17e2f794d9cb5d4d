using System.Globalization;
using OpCollector.Checkpoints;
using OpCollector.Events;
using OpCollector.Sources;
using OpCollector.Sources.Op;

namespace OpCollector.Cli;

/// <summary>What happened in op's log from a moment to another, both included; without the second, up to where cron is.</summary>
internal sealed class LogTimeRange(AskedTime since, AskedTime? until) : BackfillRange
{
    public override string Key => string.Create(CultureInfo.InvariantCulture, $"{since.Key} {until?.Key}");

    public override async Task<(Checkpoint Checkpoint, BackfillContent? Content)?> BeginAsync(
        Host host,
        Source source,
        CancellationToken ct)
    {
        var found = await ((OpSource)source).FindAsync(since.Time, until?.Time, ct);
        var end = until is null ? await EidRange.EndAsync(host, source, ct) : found?.To;
        if (found is { } range && end > range.From)
        {
            host.Log.Information(
                "What happened since {Since:u} is newer than event {From}; up to and with event {To} is looked at",
                since.Time,
                range.From,
                end);
            return (Checkpoint.At(host.Fingerprint, range.From), new BackfillContent(range.From, end.Value, since.Time, until?.Time));
        }

        host.Log.Warning("Nothing to backfill: cron, or the log, has not gone beyond {Since:u}", since.Time);
        return null;
    }

    public override Bounds? Within(BackfillContent? content) =>
        content is null ? null : new Bounds(content.To, content.Since ?? since.Time, content.Until ?? until?.Time);
}
