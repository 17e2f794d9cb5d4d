using System.Globalization;
using System.Runtime.CompilerServices;
using OpCollector.Checkpoints;
using OpCollector.Events;
using Serilog;

namespace OpCollector.Sources.Op;

/// <summary>
/// The Activity Log as op shows it, as pages of new events in ascending order, without a hole and without assuming which page
/// the server gives: a proven one is yielded, anything else is walked back to.
/// </summary>
/// <param name="list">Asks op; the answer is what the server showed.</param>
/// <param name="walkPath">Where an unfinished walk is kept.</param>
internal sealed class OpSource(Func<OpQuery, CancellationToken, Task<OpPage>> list, string fingerprint, string walkPath, TimeProvider time, ILogger log) : Source, IDisposable
{
    public const string Stream = "audit";

    // Ids are given out before events are committed, so their order and that of times differ. An event that is out of its place by
    // up to half of this is found by its time.
    static readonly TimeSpan Margin = TimeSpan.FromHours(2);

    readonly OpWalk _walk = new(list, fingerprint, walkPath, log);

    /// <summary>How many pages this run has walked back: progress that the next run builds on.</summary>
    public int Walked => _walk.Pages;

    /// <summary>The sign-in that the questions go through, where it is real.</summary>
    public Lazy<OpSession>? Session { get; init; }

    public override Func<NameKind, CancellationToken, Task<ReadOnlyMemory<byte>>>? Names =>
        Crew is not null ? Crew.ListNamesAsync : Session is null ? null : async (kind, ct) => await Session.Value.ListNamesAsync(kind, ct);

    public override Func<string, CancellationToken, Task<ReadOnlyMemory<byte>>>? Members =>
        Crew is not null ? Crew.ListMembersAsync : Session is null ? null : async (group, ct) => await Session.Value.ListMembersAsync(group, ct);

    /// <summary>More sessions, where several calls of op are wanted at once.</summary>
    public OpCrew? Crew { get; init; }

    /// <summary>What reads with several calls at once as far as there is an end; null to read one page after the other.</summary>
    public OpRanges? Ranges { get; init; }

    public override bool HasProgressed => Walked > 0;

    public override IEnumerable<(string What, Func<CancellationToken, Task<string>> Try)> Checks(Checkpoint? checkpoint) =>
    [
        ("sign-in", async ct => SignedIn(await Session!.Value.SignedInAsync(ct))),
        ("log", ct => CheckLogAsync(checkpoint, ct)),
    ];

    public override async Task<Checkpoint> AnchorAsync(Start start, CancellationToken ct)
    {
        if (start.Oldest || start.Eid is not null)
        {
            return Checkpoint.At(fingerprint, start.Eid ?? 0);
        }

        if (start.Ago is { } ago)
        {
            return await AnchorSinceAsync(time.GetUtcNow().Minus(ago), ct);
        }

        var newest = await list(OpQuery.Newest, ct);
        return At(newest.Events);
    }

    /// <summary>
    /// Between which ids everything lies that happened from a moment to another, both included, and perhaps more: above the first, up
    /// to and with the second. Looked for by halving, or, where the server refuses that, by walking back.
    /// </summary>
    /// <returns>Null for an empty log; an end that is null where none was asked for.</returns>
    public async Task<(long From, long? To)?> FindAsync(DateTimeOffset since, DateTimeOffset? until, CancellationToken ct)
    {
        var newest = await list(OpQuery.Newest, ct);
        if (newest.Events.Count == 0)
        {
            return null;
        }

        var (first, behind) = (since.Minus(Margin), until?.Plus(Margin));
        try
        {
            var search = new OpSearch(list);
            if (await search.BeforeAsync(first, newest, ct) is { } from)
            {
                var to = behind is { } end ? await search.BeforeAsync(end, newest, ct) : null;
                if (to is not null || behind is null)
                {
                    return (from, to);
                }
            }

            log.Warning("Asked from ids that are perhaps no events, op shows what does not fit together. Walking back from the newest event instead: slower, and nothing is left out");
        }
        catch (Failure failure)
        {
            log.Warning("{Reason:l}. Walking back from the newest event instead: slower, and nothing is left out", failure.Message.TrimEnd('.'));
        }

        var anchor = await AnchorSinceAsync(first, ct);
        return (anchor.LastEventId, behind is null ? null : _walk.Resume()?.Ascending().SelectMany(page => page.Events).LastOrDefault(each => !(each.Time >= behind))?.Eid);
    }

    public override async IAsyncEnumerable<EventPage> PagesAsync(Checkpoint checkpoint, long? to, [EnumeratorCancellation] CancellationToken ct)
    {
        if (Ranges is not null && to is { } end)
        {
            await foreach (var page in Ranges.PagesAsync(checkpoint, end, ct))
            {
                checkpoint = checkpoint.After(page, time.GetUtcNow());
                yield return page;
            }

            if (Ranges.IsDone)
            {
                yield break;
            }

            // They sign out while the rest is read.
            _ = Crew?.DismissAsync();
            checkpoint = checkpoint with { Recent = [.. checkpoint.Recent.TakeLast(Checkpoint.FewestKept)] };
        }

        var paging = new Paging(checkpoint);
        if (_walk.Resume() is { } left)
        {
            log.Information("Going on with a walk of {Pages} pages, now at event {Eid}", left.Pages, left.Lowest);
            await foreach (var page in WalkedAsync(left, paging, ct))
            {
                yield return page;
            }
        }

        (long Asked, ulong Page) before = (-1, OpPage.Empty.Hash);
        do
        {
            var asked = paging.Asked;
            var page = await list(asked == 0 ? OpQuery.Newest : OpQuery.Newer(asked), ct);
            RefuseRepetition(before, (asked, page));
            before = (asked, page.Hash);
            if (page.Events.Count == 0 && page.Count > 0)
            {
                if (paging.Take(page) is { } unreadable)
                {
                    yield return unreadable;
                }

                RefuseUnreadable(page, asked);
            }

            if (await WalkUnlessContiguousAsync(paging, page, ct) is { } walk)
            {
                await foreach (var walked in WalkedAsync(walk, paging, ct))
                {
                    yield return walked;
                }
            }
            else if (paging.Take(page) is { } taken)
            {
                yield return taken;
            }
        }
        while (!paging.AtEnd);
    }

    public void Dispose() => _walk.Dispose();

    public override async ValueTask DisposeAsync()
    {
        Dispose();
        await Task.WhenAll(
            Crew is null ? Task.CompletedTask : Crew.DisposeAsync().AsTask(),
            Session is { IsValueCreated: true } ? Session.Value.DisposeAsync().AsTask() : Task.CompletedTask);
    }

    /// <summary>Null when nothing is missing below the page; otherwise the walk that goes back to what is known.</summary>
    async Task<WalkFile?> WalkUnlessContiguousAsync(Paging paging, OpPage page, CancellationToken ct)
    {
        switch (paging.Judge(page))
        {
            case PageVerdict.Contiguous when page.Count == 0 && paging is { IsBare: true, Asked: > 0 }:
                await RefuseBeyondAsync(paging.Asked, ct);
                return null;

            case PageVerdict.Contiguous:
                return null;

            case PageVerdict.Unproven:
                var above = page.Above(paging.Asked);
                var lowest = above.Events[0].Eid;
                var below = await _walk.BelowAsync(lowest, lowest, ct);
                if (below.Events.Count == 0 && above.Events.Count > 1)
                {
                    // The bottom of the log, or a server in trouble: the anchor tells.
                    below = await _walk.BelowAsync(lowest, above.Events[1].Eid, ct);
                    WarnOfGap(paging.Asked, lowest);
                }

                if (below.Events.All(each => each.Eid <= paging.Asked))
                {
                    return null;
                }

                var walk = _walk.Begin(above);
                _walk.Append(walk, below);
                return walk;

            case PageVerdict.NewestOnly:
                return _walk.Begin(page.Above(paging.Asked));

            case PageVerdict.Gone when paging.GoneTooEarly(page, time.GetUtcNow()) is null:
                log.Warning("The log no longer shows event {Eid}, which is older than 300 days (1Password keeps 365); going on", paging.Expected);
                return null;

            case PageVerdict.Gone:
                throw Gone(paging, page);

            default:
                throw new Failure(ExitCode.SourceData, $"Asked for the events newer than {paging.Asked}, op showed only older ones; nothing is skipped. Is the id right (opcollector checkpoint show)?");
        }
    }

    /// <summary>A position above the whole log, one digit too long, would wait for ever while events pass below it.</summary>
    async Task RefuseBeyondAsync(long asked, CancellationToken ct)
    {
        RefuseBeyond(await list(OpQuery.Newest, ct), asked);
    }

    static void RefuseBeyond(OpPage page, long asked)
    {
        if (page.Events is [.., var newest] && newest.Eid < asked)
        {
            throw new Failure(ExitCode.Configuration, $"The position {asked} is above the newest event of the log, {newest.Eid}: nothing would ever be delivered. Mend it with opcollector checkpoint set EID (or start)");
        }
    }

    /// <summary>Whether the log is readable, and still shows what was read from it.</summary>
    async Task<string> CheckLogAsync(Checkpoint? checkpoint, CancellationToken ct)
    {
        var newest = await list(OpQuery.Newest, ct);
        if (checkpoint is null || new Paging(checkpoint) is not { } paging)
        {
            return Newest(newest);
        }

        if (paging.IsBare)
        {
            RefuseBeyond(newest, checkpoint.LastEventId);
        }

        if (paging.Expected is null)
        {
            return Newest(newest);
        }

        var page = await list(OpQuery.Newer(paging.Asked), ct);
        return paging.Judge(page) == PageVerdict.Gone && paging.GoneTooEarly(page, time.GetUtcNow()) is not null
            ? throw Gone(paging, page)
            : $"{Newest(newest)}, and it shows what was read from it before";
    }

    Failure Gone(Paging paging, OpPage page) => new(
        ExitCode.SourceUnavailable,
        $"The log no longer shows event {paging.GoneTooEarly(page, time.GetUtcNow()) ?? paging.Expected}, which was read from it before: is it still account {fingerprint}, with the right View Administrative Sidebar? The checkpoint stays where it is");

    /// <summary>Walks on down to the id asked from, then gives everything back in ascending order.</summary>
    async IAsyncEnumerable<EventPage> WalkedAsync(WalkFile walk, Paging paging, [EnumeratorCancellation] CancellationToken ct)
    {
        var asked = paging.Asked;
        var bottom = await _walk.DownAsync(walk, () => walk.Lowest <= asked, ct);
        if (bottom.Count > 0)
        {
            if (paging.Take(bottom) is { } unreadable)
            {
                yield return unreadable;
            }

            RefuseUnreadable(bottom, walk.Lowest);
        }

        if (walk.Lowest > asked && asked > 0)
        {
            WarnOfGap(asked, walk.Lowest);
        }

        // Only what was known before the walk proves anything; what it brings itself is known from then on.
        var expected = paging.Expected;
        EventPage? held = null;
        foreach (var page in walk.Ascending())
        {
            if (page.Events[^1].Eid >= expected)
            {
                RefuseHole(walk, paging, page);
                expected = null;
            }

            if (paging.Take(page) is not { } taken)
            {
                continue;
            }

            if (held is not null)
            {
                yield return held;
            }

            held = taken;
        }

        if (held is null)
        {
            _walk.Forget(walk);
        }
        else
        {
            yield return held with { Delivered = () => _walk.Forget(walk) };
        }
    }

    void RefuseHole(WalkFile walk, Paging paging, OpPage page)
    {
        if (paging.GoneTooEarly(page, time.GetUtcNow()) is not null)
        {
            var failure = Gone(paging, page);
            _walk.Forget(walk);
            throw failure;
        }
    }

    /// <summary>Finds the newest event before a time by walking back; the walk stays, so that its events need not be asked for again.</summary>
    async Task<Checkpoint> AnchorSinceAsync(DateTimeOffset since, CancellationToken ct)
    {
        var walk = _walk.Resume();
        if (walk?.Since is null)
        {
            var newest = await list(OpQuery.Newest, ct);
            if (newest.Events.Count == 0)
            {
                return Checkpoint.At(fingerprint, 0);
            }

            walk = _walk.Begin(newest, since);
        }

        since = walk.Since!.Value;
        await _walk.DownAsync(walk, () => walk.Ascending().First().Events[0].Time < since, ct);
        return At([.. walk.Ascending().First().Events.TakeWhile(each => each.Time < since)]);
    }

    Checkpoint At(IReadOnlyList<ActivityEvent> before) => before.Count == 0
        ? Checkpoint.At(fingerprint, 0)
        : Checkpoint.At(
            fingerprint,
            before[^1].Eid,
            before[^1].Time,
            before.TakeLast(Checkpoint.FewestKept).DistinctBy(each => each.Eid).Select(each => new KnownEvent(each.Eid, each.Time, time.GetUtcNow())));

    static string SignedIn(OpGeneration op) => $"op {op.Version} as {op.Account}";

    static string Newest(OpPage page) => page.Events.Count == 0
        ? "readable, and empty"
        : string.Create(CultureInfo.InvariantCulture, $"readable, the newest event is {page.Events[^1].Eid}{(page.Events[^1].Time is { } time ? $" of {time:u}" : "")}");

    void WarnOfGap(long asked, long lowest)
    {
        if (lowest > asked + 1)
        {
            log.Warning("The log begins at event {Lowest}: nothing between {Asked} and it can be had any more", lowest, asked);
        }
    }

    static void RefuseRepetition((long Asked, ulong Page) before, (long Asked, OpPage Page) now)
    {
        if (now.Asked != before.Asked && now.Page.Count > 0 && now.Page.Hash == before.Page)
        {
            throw new Failure(ExitCode.SourceData, $"op showed the same page for the events newer than {before.Asked} and than {now.Asked}; nothing is skipped, the next run asks again");
        }
    }

    static void RefuseUnreadable(OpPage page, long asked)
    {
        if (page.IsFull && page.Events.Count == 0)
        {
            throw new Failure(ExitCode.SourceData, $"A whole page next to event {asked} has no usable eid; it is in the quarantine, but nothing behind it can be asked for");
        }
    }
}
