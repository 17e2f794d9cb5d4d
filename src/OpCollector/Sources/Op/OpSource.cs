using System.Runtime.CompilerServices;
using OpCollector.Events;
using Serilog;

namespace OpCollector.Sources.Op;

/// <summary>
/// The Activity Log as op shows it, as pages of new events in ascending order, without a hole and without assuming which page
/// the server gives: a proven one is yielded, anything else is walked back to.
/// </summary>
/// <param name="walk">Walks back over the log of this op; closed with the source.</param>
internal sealed class OpSource(Op op, OpWalk walk, string fingerprint, TimeProvider time, ILogger log) : Source
{
    readonly OpBeginnings _beginnings = new(op, walk, fingerprint, time, log);
    readonly WalkDelivery _delivery = new(walk, fingerprint, time, log);

    /// <summary>How many pages this run has walked back: progress that the next run builds on.</summary>
    public int Walked => walk.Pages;

    public override NameDirectory Names => op;

    public override bool HasProgressed => Walked > 0;

    public override IReadOnlyList<SourceCheck> Checks(Position? position) =>
        [new SignInCheck(op), new LogCheck(op, fingerprint, time) { Position = (OpPosition?)position }];

    public override async Task<Position> BeginAsync(StartingPoint start, CancellationToken ct) => await _beginnings.FirstAsync(start, ct);

    public override async Task<Position?> BackfillAsync(
        DateTimeOffset since, DateTimeOffset? until, string? stream, Position? cron, CancellationToken ct)
    {
        var found = await _beginnings.BetweenAsync(since, until, ct);
        var end = until is null ? await EndAsync(cron, ct) : found?.To;
        if (found is not { } range || !(end > range.From))
        {
            WarnOfNothing(since, until);
            return null;
        }

        log.Information(
            "What happened since {Since:u} is newer than event {From}; up to and with event {To} is looked at", since, range.From, end);
        return OpPosition.At(fingerprint, range.From) with { Backfill = new OpBackfill(range.From, end.Value, since, until) };
    }

    public override async Task<Position?> BackfillEventsAsync(long from, long? to, Position? cron, CancellationToken ct)
    {
        var end = to ?? await EndAsync(cron, ct);
        if (end > from)
        {
            return OpPosition.At(fingerprint, from) with { Backfill = new OpBackfill(from, end) };
        }

        log.Warning("Nothing to backfill: cron, or the log, has not gone beyond event {From}", from);
        return null;
    }

    public override async IAsyncEnumerable<EventPage> PagesAsync(Position from, [EnumeratorCancellation] CancellationToken ct)
    {
        var position = (OpPosition)from;
        var wanted = position.Backfill;
        await foreach (var found in ReadAsync(position, ct))
        {
            var events = wanted is null ? found.Events : [.. found.Events.Where(each => each.Eid <= wanted.To)];
            position = position.After(found with { Events = events }, time.GetUtcNow());
            yield return new EventPage(Streams.Audit, wanted is null ? events : [.. events.Where(wanted.Wants)], found.Malformed, position);
            if (found.Events is [.., var last] && last.Eid >= wanted?.To)
            {
                yield break;
            }
        }
    }

    public override void Finish(Position position) => walk.Finish((OpPosition)position);

    public override async ValueTask DisposeAsync()
    {
        walk.Dispose();
        await op.DisposeAsync();
    }

    void WarnOfNothing(DateTimeOffset since, DateTimeOffset? until)
    {
        if (until is null)
        {
            log.Warning("Nothing to backfill: cron, or the log, has not gone beyond {Since:u}", since);
        }
        else
        {
            log.Warning("The log has no event from {Since:u} to {Until:u}", since, until);
        }
    }

    /// <summary>Where cron is; without a checkpoint of it, the newest event.</summary>
    async Task<long> EndAsync(Position? cron, CancellationToken ct) =>
        ((OpPosition?)cron ?? await _beginnings.FirstAsync(new StartingPoint("latest"), ct)).LastEventId;

    async IAsyncEnumerable<NewEvents> ReadAsync(OpPosition position, [EnumeratorCancellation] CancellationToken ct)
    {
        if (op.MostCalls > 1 && position.Backfill is { } wanted)
        {
            var ranges = new OpRanges(op, log);
            await foreach (var found in ranges.PagesAsync(position, wanted.To, ct))
            {
                position = position.After(found, time.GetUtcNow());
                yield return found;
            }

            if (ranges.IsDone)
            {
                yield break;
            }

            // The other sessions sign out in the background while the rest is read; DisposeAsync waits for them.
            _ = op.StopParallelCallsAsync();
            position = position with { Recent = [.. position.Recent.TakeLast(OpPosition.FewestKept)] };
        }

        walk.Finish(position);
        await foreach (var found in ReadPageByPageAsync(new Paging(position), ct))
        {
            yield return found;
        }
    }

    async IAsyncEnumerable<NewEvents> ReadPageByPageAsync(Paging paging, [EnumeratorCancellation] CancellationToken ct)
    {
        if (walk.Resume() is { } left)
        {
            log.Information("Going on with a walk of {Pages} pages, now at event {Eid}", left.Pages, left.Lowest);
            await foreach (var page in _delivery.PagesAsync(left, paging, ct))
            {
                yield return page;
            }
        }

        var before = new AskedPage(-1, OpPage.Empty.Hash);
        do
        {
            var asked = paging.Asked;
            var page = await op.ListAsync(asked == 0 ? OpQuery.Newest : OpQuery.Newer(asked), ct);
            before = before.Next(asked, page);
            await foreach (var taken in AcceptAsync(page, paging, ct))
            {
                yield return taken;
            }
        }
        while (!paging.AtEnd);
    }

    /// <summary>What is new in a page, and below it.</summary>
    async IAsyncEnumerable<NewEvents> AcceptAsync(OpPage page, Paging paging, [EnumeratorCancellation] CancellationToken ct)
    {
        if (page.Events.Count == 0 && page.Count > 0)
        {
            var asked = paging.Asked;
            if (paging.Accept(page) is { } unreadable)
            {
                yield return unreadable;
            }

            LogFailure.RefuseUnreadable(page, asked);
        }

        if (await WalkUnlessContiguousAsync(paging, page, ct) is { } file)
        {
            await foreach (var walked in _delivery.PagesAsync(file, paging, ct))
            {
                yield return walked;
            }
        }
        else if (paging.Accept(page) is { } taken)
        {
            yield return taken;
        }
    }

    /// <summary>Null when nothing is missing below the page; otherwise the walk that goes back to what is known.</summary>
    async Task<WalkFile?> WalkUnlessContiguousAsync(Paging paging, OpPage page, CancellationToken ct)
    {
        switch (paging.Judge(page))
        {
            case PageVerdict.Contiguous when page.Count == 0 && paging is { IsBare: true, Asked: > 0 }:
                LogFailure.RefuseBeyond(await op.ListAsync(OpQuery.Newest, ct), paging.Asked);
                return null;

            case PageVerdict.Contiguous:
                return null;

            case PageVerdict.Unproven:
                return await LookBelowAsync(page.Above(paging.Asked), paging.Asked, ct);

            case PageVerdict.NewestOnly:
                return walk.Begin(page.Above(paging.Asked));

            case PageVerdict.Gone when paging.GoneTooEarly(page, time.GetUtcNow()) is { } gone:
                throw LogFailure.Gone(gone, fingerprint);

            case PageVerdict.Gone:
                log.Warning(
                    "The log no longer shows event {Eid}, which is older than 300 days (1Password keeps 365); going on",
                    paging.Expected);
                return null;

            default:
                throw LogFailure.ShownOlder(paging.Asked);
        }
    }

    /// <summary>One look below a page that nothing proves: null where nothing new is there.</summary>
    async Task<WalkFile?> LookBelowAsync(OpPage above, long asked, CancellationToken ct)
    {
        var lowest = above.Events[0].Eid;
        var below = await walk.BelowAsync(lowest, lowest, ct);
        if (below.Events.Count == 0 && above.Events.Count > 1)
        {
            // The bottom of the log, or a server in trouble: asked from the event above it, op must show the lowest one.
            below = await walk.BelowAsync(lowest, above.Events[1].Eid, ct);
            _delivery.WarnOfGap(asked, lowest);
        }

        if (below.Events.All(each => each.Eid <= asked))
        {
            return null;
        }

        var file = walk.Begin(above);
        walk.Append(file, below);
        return file;
    }

    /// <summary>A page, and the id that it was asked from.</summary>
    readonly record struct AskedPage(long Asked, ulong Hash)
    {
        /// <exception cref="Failure">The page is the same as the one before, which was asked from another id.</exception>
        public AskedPage Next(long asked, OpPage page)
        {
            var next = new AskedPage(asked, page.Hash);
            return asked != Asked && page.Count > 0 && next.Hash == Hash ? throw LogFailure.ShownTwice(Asked, asked) : next;
        }
    }
}
