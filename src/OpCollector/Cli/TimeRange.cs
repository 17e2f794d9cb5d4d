using System.Collections.Immutable;
using System.Globalization;
using OpCollector.Checkpoints;
using OpCollector.Events;
using OpCollector.Sources;
using OpCollector.Sources.EventsApi;

namespace OpCollector.Cli;

/// <summary>
/// What happened in streams of the Events API from a moment to another, both included; without the second, to where cron is.
/// </summary>
internal sealed class TimeRange(AskedTime since, AskedTime? until, string? stream) : BackfillRange
{
    public override string Key => string.Create(CultureInfo.InvariantCulture, $"{since.Key} {until?.Key} {stream}");

    public override Task<(Checkpoint Checkpoint, BackfillContent? Content)?> BeginAsync(Host host, Source source, CancellationToken ct)
    {
        var (now, cron) = (host.Time.GetUtcNow(), host.Checkpoints.Read());
        if (until is not null && now - until.Time > EventsApiSettings.Reach)
        {
            throw new Failure(
                ExitCode.Usage,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"1Password gives the last {EventsApiSettings.Reach.TotalDays} days and no more: nothing up to {until.Time:u} can " +
                        $"be had"));
        }

        if (now - since.Time > EventsApiSettings.Reach)
        {
            host.Log.Warning(
                "1Password gives the last {Days} days and no more: what is older cannot be had",
                EventsApiSettings.Reach.TotalDays);
        }

        var streams = host.Settings.Source.EventsApi!.Streams.Select(each => each.Stream.Name).Where(name => stream is null
            || name == stream)
            .Select(name => (Name: name, End: until?.Time ?? End(cron?.Streams.GetValueOrDefault(name)) ?? now))
            .Where(each => each.End > since.Time)
            .ToImmutableSortedDictionary(
                each => each.Name,
                each => new StreamPosition(since.Time, RereadAt: now, Until: each.End),
                StringComparer.Ordinal);
        if (streams.IsEmpty)
        {
            host.Log.Warning(
                "Nothing to backfill: cron has not gone beyond {Since:u}, or source.eventsApi.streams has no such stream",
                since.Time);
            return Task.FromResult<(Checkpoint, BackfillContent?)?>(null);
        }

        return Task.FromResult<(Checkpoint, BackfillContent?)?>((Checkpoint.At(host.Fingerprint, 0) with { Streams = streams }, null));
    }

    // Where cron is: what is newer comes from there, and nothing twice.
    static DateTimeOffset? End(StreamPosition? cron) => cron?.LastEventTime ?? cron?.AskFrom;
}
