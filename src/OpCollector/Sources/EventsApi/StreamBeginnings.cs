using System.Collections.Immutable;
using System.Globalization;
using OpCollector.Events;
using Serilog;

namespace OpCollector.Sources.EventsApi;

/// <summary>Says where the streams begin: in a first run, when one of them is new, and in a backfill.</summary>
internal sealed class StreamBeginnings(EventsApiSettings settings, TimeProvider time, ILogger log)
{
    static string Reach =>
        string.Create(CultureInfo.InvariantCulture, $"1Password gives the last {EventsApiSettings.Reach.TotalDays} days and no more");

    public StreamPositions First(StartingPoint start)
    {
        if (start.Ago > EventsApiSettings.Reach)
        {
            WarnOfReach();
        }

        return StreamPositions.Create(
            StreamPositions.AnyAccount,
            settings.Streams.Select(each => (each.Stream.Name, StartingPosition(start))));
    }

    /// <summary>The positions with the streams that are new in the configuration, which begin as in a first run.</summary>
    public StreamPositions WithAdded(StreamPositions known, StartingPoint start)
    {
        foreach (var stream in settings.Streams.Select(each => each.Stream).Where(each => !known.Streams.ContainsKey(each.Name)))
        {
            var begun = StartingPosition(start);
            known = known with { Streams = known.Streams.Add(stream.Name, begun) };
            log.Warning(
                "The {Stream:l} are new (start: {Start:l}): those after {Position:l} are collected from now on", stream.Words, start.Text,
                begun.Text);
        }

        return known;
    }

    /// <inheritdoc cref="Source.BackfillAsync"/>
    public StreamPositions? Between(DateTimeOffset since, DateTimeOffset? until, string? stream, StreamPositions? cron)
    {
        var now = time.GetUtcNow();
        if (now - until > EventsApiSettings.Reach)
        {
            throw new Failure(ExitCode.Usage, string.Create(CultureInfo.InvariantCulture, $"{Reach}: nothing up to {until:u} can be had"));
        }

        if (now - since > EventsApiSettings.Reach)
        {
            WarnOfReach();
        }

        var streams =
            from name in settings.Streams.Select(each => each.Stream.Name)
            where stream is null || name == stream
            let end = until ?? EndOf(cron?.Streams.GetValueOrDefault(name)) ?? now
            where end > since
            select (name, new StreamPosition(since, LookedBackAt: now, Until: end));
        var positions = StreamPositions.Create(cron?.Source ?? StreamPositions.AnyAccount, streams);
        if (!positions.Streams.IsEmpty)
        {
            return positions;
        }

        WarnOfNothing(since, until, stream);
        return null;
    }

    void WarnOfNothing(DateTimeOffset since, DateTimeOffset? until, string? stream)
    {
        if (settings.Streams.All(each => stream is not null && each.Stream.Name != stream))
        {
            log.Warning("There is nothing to read: source.eventsApi.streams does not have {Stream:l}", stream);
        }
        else if (until is null)
        {
            log.Warning("Nothing to backfill: cron has not gone beyond {Since:u}", since);
        }
        else
        {
            log.Warning("There is nothing to read from {Since:u} to {Until:u}: the end is not later than the beginning", since, until);
        }
    }

    // Where cron is: what is newer comes from there, and nothing twice.
    static DateTimeOffset? EndOf(StreamPosition? followed) => followed?.LastEventTime ?? followed?.AskFrom;

    StreamPosition StartingPosition(StartingPoint start)
    {
        var now = time.GetUtcNow();
        var from = start.Oldest || start.Ago > EventsApiSettings.Reach ? now - EventsApiSettings.Reach : now - (start.Ago ?? TimeSpan.Zero);
        return new StreamPosition(from, LookedBackAt: now, Seen: ImmutableSortedDictionary<DateOnly, int>.Empty);
    }

    void WarnOfReach() => log.Warning("{Reach:l}: what is older cannot be had", Reach);
}
