using System.Runtime.CompilerServices;
using OpCollector.Events;
using Serilog;

namespace OpCollector.Sources.EventsApi;

/// <summary>
/// One stream as pages of new events: on from its cursor to the end, and then, when it is time, over the last stretch once more
/// for events that came late. The two have positions of their own, and neither disturbs the other.
/// </summary>
/// <param name="ask">Asks the stream; the answer is what the API showed, or what it said instead.</param>
/// <param name="seen">What was delivered before.</param>
/// <param name="ahead">Reads ahead in a backfill.</param>
internal sealed class EventsApiStream(
    StreamSettings settings,
    int limit,
    Func<EventsApiQuery, CancellationToken, Task<(EventsApiPage? Page, EventsApiFailure? Failure)>> ask,
    SeenEvents seen,
    StretchesAhead ahead,
    TimeProvider time,
    ILogger log)
{
    // Whether the API means its bounds inclusively is not documented: a little more is asked for, and what is too much dropped.
    static readonly TimeSpan Margin = TimeSpan.FromSeconds(1);

    // The most events of a page; a cursor keeps the one that it was made with.
    int _limit = limit;

    public async IAsyncEnumerable<StreamPage> PagesAsync(StreamPosition position, [EnumeratorCancellation] CancellationToken ct)
    {
        if (position.Until is null && position.From.Minus(Margin) > time.GetUtcNow())
        {
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

        if (position.Until is not null || (position.LookBack is null && !position.IsLookBackDue(settings.OverlapEvery, time.GetUtcNow())))
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
        var (endless, kept) = (new EndlessStream(), position.Cursor);
        position = position.NotBefore(Oldest);
        for (var isRestarted = false; ;)
        {
            position = await ahead.BeginAsync(position, Query);
            var asked = position.Cursor;
            var query = Query(asked, position.AskFrom, position.AskUntil);
            var (page, failure) = await ahead.PageAsync(query, ct) is { } here ? (here, null) : await ask(query, ct);
            if (IsAskedAnew(failure, asked, ref isRestarted))
            {
                (endless, kept) = (new EndlessStream(), null);
                position = asked is null ? position : position.Restarted(settings.Overlap);
                WarnOfRestart(failure!, position);
                continue;
            }

            page = Whole(page, failure);
            var (isEnd, stretch) = (page.IsEndAfter(asked), position.Stretch);
            var objection = isEnd ? null : endless.Objection(asked, page);
            var next = position.After(page.Events, page.Cursor, time.GetUtcNow());
            position = isEnd ? next.AtEnd() : next;
            (isEnd, endless) = isEnd && stretch is not null ? (false, new EndlessStream()) : (isEnd, endless);
            var taken = Accept(page, position);
            // The cursor of an empty page is kept once something comes behind it, or the end: it may lead nowhere.
            if (!taken.News.IsEmpty || ((isEnd || !page.IsEmpty) && page.Cursor != kept))
            {
                kept = page.Cursor;
                yield return taken;
            }

            if (isEnd || objection is not null)
            {
                Throw(objection);
                yield break;
            }
        }
    }

    async IAsyncEnumerable<StreamPage> LookBackAsync(StreamPosition position, [EnumeratorCancellation] CancellationToken ct)
    {
        log.Debug("Looking for {Stream:l} that came late, from {Since:u}", settings.Stream.Words, position.LookBack!.Since);
        var (endless, isRestarted) = (new EndlessStream(), false);
        while (position.LookBack is { } lookBack)
        {
            var (page, failure) = await ask(Query(lookBack.Cursor, lookBack.Since, lookBack.Until), ct);
            if (IsAskedAnew(failure, lookBack.Cursor, ref isRestarted))
            {
                endless = new EndlessStream();
                position = position with { LookBack = lookBack with { Cursor = null } };
                continue;
            }

            page = Whole(page, failure);
            var isEnd = page.IsEndAfter(lookBack.Cursor);
            var objection = isEnd ? null : endless.Objection(lookBack.Cursor, page);
            position = position.AfterLookBack(page.Events, page.Cursor, !isEnd, time.GetUtcNow());
            var taken = Accept(page, position);
            if (taken.News.Events.Count > 0)
            {
                log.Information("{Count} {Stream:l} came late", taken.News.Events.Count, settings.Stream.Words);
            }

            if (isEnd || !page.IsEmpty)
            {
                yield return taken;
            }

            Throw(objection);
        }
    }

    // By time: a cursor that 1Password no longer takes is of no use, and one that it takes keeps the limit that it was made with.
    bool IsAskedAnew(EventsApiFailure? failure, string? asked, ref bool isRestarted) =>
        (failure is { Kind: EventsApiFailureKind.BadRequest } && asked is not null && !isRestarted && (isRestarted = true))
        || IsHalved(failure);

    bool IsHalved(EventsApiFailure? failure)
    {
        if (failure is not { MayFitSmallerPage: true } || _limit == 1)
        {
            return false;
        }

        _limit /= 2;
        log.Information(
            "{Reason:l}; asking for {Limit} {Stream:l} at a time. What was delivered before is known again, and nothing is lost",
            failure.Text,
            _limit,
            settings.Stream.Words);
        return true;
    }

    static EventsApiPage Whole(EventsApiPage? page, EventsApiFailure? failure) => page ?? throw failure!.ToFailure();

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

    DateTimeOffset Oldest => time.GetUtcNow().Minus(EventsApiSettings.Reach);

    EventsApiQuery Query(string? cursor, DateTimeOffset since, DateTimeOffset? until)
    {
        var (from, oldest) = (since.Minus(Margin), Oldest);
        return new EventsApiQuery(cursor, from > oldest ? from : oldest, until?.Plus(Margin), _limit);
    }

    StreamPage Accept(EventsApiPage page, StreamPosition position)
    {
        var wanted = position.Until is { } until
            ? page with { Events = [.. page.Events.Where(each => IsWithin(each.Time, position.From, until))] }
            : page;
        var (news, ids) = seen.Fresh(wanted, position.OldestAsked(settings.Overlap));
        return new StreamPage(news.OutOf(page.Size), position, seen, ids);
    }

    // What has no time that can be read is delivered rather than dropped.
    static bool IsWithin(DateTimeOffset? happened, DateTimeOffset from, DateTimeOffset until) =>
        happened is not { } known || (known >= from && known <= until);
}

/// <summary>What is new in a page of one stream.</summary>
/// <param name="Position">How far the stream is delivered with it.</param>
/// <param name="Ids">How its events are known again by what has seen them.</param>
internal sealed record StreamPage(NewEvents News, StreamPosition Position, SeenEvents Seen, FreshIds Ids);
