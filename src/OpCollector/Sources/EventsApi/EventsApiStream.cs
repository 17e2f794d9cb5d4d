using System.Runtime.CompilerServices;
using OpCollector.Events;
using Serilog;

namespace OpCollector.Sources.EventsApi;

/// <summary>
/// One stream as pages of new events: on from its cursor to the end, and then, when it is time, over the last stretch once more
/// for events that came late. The two have positions of their own, and neither disturbs the other.
/// </summary>
/// <param name="seen">What was delivered before.</param>
/// <param name="ahead">Reads ahead in a backfill.</param>
internal sealed class EventsApiStream(
    StreamSettings settings,
    StreamQueries queries,
    StreamCalls calls,
    SeenEvents seen,
    StretchesAhead ahead,
    TimeProvider time,
    ILogger log)
{
    public async IAsyncEnumerable<StreamPage> PagesAsync(StreamPosition position, [EnumeratorCancellation] CancellationToken ct)
    {
        if (!position.IsBackfill && position.From.Minus(StreamQueries.Margin) > time.GetUtcNow())
        {
            if (position.LastEventTime > time.GetUtcNow())
            {
                throw new Failure(
                    ExitCode.Configuration,
                    $"the clock of this host is behind: events up to {position.LastEventTime:u} are delivered already; set the clock, and " +
                        "the next run goes on");
            }

            throw new Failure(
                ExitCode.Configuration,
                $"the first run began at {position.From:u}, which is still to come, so the clock was wrong; nothing is collected "
                    + "until you begin anew with opcollector checkpoint reset");
        }

        await foreach (var page in TailAsync(position, ct))
        {
            position = page.Position;
            yield return page;
        }

        if (position.IsBackfill || (position.LookBack is null && !position.IsLookBackDue(settings.OverlapEvery, time.GetUtcNow())))
        {
            yield break;
        }

        await foreach (var page in LookBackAsync(
            position.LookBack is null ? position.LookingBack(settings.Overlap, time.GetUtcNow()) : position, ct))
        {
            yield return page;
        }
    }

    async IAsyncEnumerable<StreamPage> TailAsync(StreamPosition position, [EnumeratorCancellation] CancellationToken ct)
    {
        var (endless, savedCursor, restarts) = (new EndlessStream(), position.Cursor, new StreamRestarts(settings.Stream, queries, log));
        position = position.NotBefore(queries.Oldest);
        while (true)
        {
            position = await ahead.BeginAsync(position);
            var cursor = position.Cursor;
            if (!(await AskAsync(position, ct)).Succeeded(out var page, out var failure))
            {
                restarts.Prepare(failure, cursor);
                (endless, savedCursor) = (new EndlessStream(), null);
                position = cursor is null ? position : position.Restarted(settings.Overlap);
                WarnOfRestart(failure, position);
                continue;
            }

            var isEndOfStretch = page.IsEndAfter(cursor);
            var isEnd = isEndOfStretch && position.Stretch is null;
            var objection = isEndOfStretch ? null : endless.Objection(cursor, page);
            endless = isEndOfStretch ? new EndlessStream() : endless;
            position = position.After(page.Events, page.Cursor, time.GetUtcNow());
            position = isEndOfStretch ? position.AtEnd() : position;
            var accepted = Accept(page, position);
            // The cursor of an empty page may lead nowhere, so it is saved only when events or the end follow.
            if (!accepted.News.IsEmpty || ((isEnd || !page.IsEmpty) && page.Cursor != savedCursor))
            {
                savedCursor = page.Cursor;
                yield return accepted;
            }

            Throw(objection);
            if (isEnd)
            {
                yield break;
            }
        }
    }

    async Task<Result<EventsApiPage, EventsApiFailure>> AskAsync(StreamPosition position, CancellationToken ct)
    {
        var query = queries.Create(position.Cursor, position.AskFrom, position.AskUntil);
        return await ahead.PageAsync(query, ct) is { } page ? page : await calls.AskAsync(query, ct);
    }

    async IAsyncEnumerable<StreamPage> LookBackAsync(StreamPosition position, [EnumeratorCancellation] CancellationToken ct)
    {
        log.Debug("Looking for {Stream:l} that came late, from {Since:u}", settings.Stream.Words, position.LookBack!.Since);
        var (endless, restarts) = (new EndlessStream(), new StreamRestarts(settings.Stream, queries, log));
        while (position.LookBack is { Cursor: var cursor } lookBack)
        {
            var answer = await calls.AskAsync(queries.Create(cursor, lookBack.Since, lookBack.Until), ct);
            if (!answer.Succeeded(out var page, out var failure))
            {
                restarts.Prepare(failure, cursor);
                endless = new EndlessStream();
                position = position with { LookBack = lookBack with { Cursor = null } };
                continue;
            }

            var isEnd = page.IsEndAfter(cursor);
            var objection = isEnd ? null : endless.Objection(cursor, page);
            position = position.AfterLookBack(page.Events, page.Cursor, !isEnd, time.GetUtcNow());
            var accepted = Accept(page, position);
            if (accepted.News.Events.Count > 0)
            {
                log.Information("{Count} {Stream:l} came late", accepted.News.Events.Count, settings.Stream.Words);
            }

            if (isEnd || !page.IsEmpty)
            {
                yield return accepted;
            }

            Throw(objection);
        }
    }

    static void Throw(Failure? failure)
    {
        if (failure is not null)
        {
            throw failure;
        }
    }

    void WarnOfRestart(EventsApiFailure failure, StreamPosition position)
    {
        if (failure.Kind == EventsApiFailureKind.BadRequest)
        {
            log.Warning(
                "1Password no longer takes the cursor of the {Stream:l} ({Reason:l}); going on from {Since:u}. "
                    + "What was delivered before is known again, and nothing is lost",
                settings.Stream.Words,
                failure.Text,
                position.AskFrom);
        }
    }

    StreamPage Accept(EventsApiPage page, StreamPosition position)
    {
        var wanted = position.Until is { } until
            ? page with { Events = [.. page.Events.Where(each => IsWithin(each.Time, position.From, until))] }
            : page;
        var (news, ids) = seen.Fresh(wanted, position.OldestAsked(settings.Overlap));
        return new StreamPage(news.OutOf(page.Size), position with { Seen = ids.Counts }, new SeenPage(seen, ids));
    }

    // What has no time that can be read is delivered rather than dropped.
    static bool IsWithin(DateTimeOffset? happened, DateTimeOffset from, DateTimeOffset until) =>
        happened is not { } known || (known >= from && known <= until);
}

/// <summary>What is new in a page of one stream.</summary>
/// <param name="Position">How far the stream is delivered with it.</param>
/// <param name="Memory">What has to be remembered of it.</param>
internal sealed record StreamPage(NewEvents News, StreamPosition Position, PageMemory Memory);
