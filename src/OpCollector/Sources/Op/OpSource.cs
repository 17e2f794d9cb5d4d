using System.Runtime.CompilerServices;
using OpCollector.Checkpoints;
using OpCollector.Configuration;
using OpCollector.Events;
using Serilog;

namespace OpCollector.Sources.Op;

/// <summary>
/// The Activity Log as op shows it, as pages of new events in ascending order, without a hole and without assuming which page
/// the server gives: a proven one is yielded, anything else is walked back to.
/// </summary>
/// <param name="list">Asks op; the answer is what the server showed.</param>
/// <param name="walkPath">Where an unfinished walk is kept.</param>
internal sealed class OpSource(Func<OpQuery, CancellationToken, Task<OpPage>> list, string fingerprint, string walkPath, TimeProvider time, ILogger log) : IDisposable
{
    public const string Stream = "audit";

    readonly Lock _walking = new();
    WalkFile? _walk;

    /// <summary>How many pages this run has walked back: progress that the next run builds on.</summary>
    public int Walked { get; private set; }

    /// <summary>Turns <c>start</c> into a position. It is looked at once in the life of a checkpoint.</summary>
    public async Task<Checkpoint> AnchorAsync(Start start, CancellationToken ct)
    {
        if (start.Oldest || start.Eid is not null)
        {
            return Checkpoint.At(fingerprint, start.Eid ?? 0);
        }

        if (start.Ago is { } ago)
        {
            return await AnchorSinceAsync(time.GetUtcNow() - ago, ct);
        }

        var newest = await list(OpQuery.Newest, ct);
        return At(newest.Events);
    }

    /// <summary>Everything after <paramref name="checkpoint"/> that is not known to it, until a page brings nothing new.</summary>
    public async IAsyncEnumerable<EventPage> PagesAsync(Checkpoint checkpoint, [EnumeratorCancellation] CancellationToken ct)
    {
        var paging = new Paging(checkpoint);
        _walk ??= WalkFile.Open(walkPath, fingerprint);
        if (_walk is not null)
        {
            log.Information("Going on with a walk of {Pages} pages, now at event {Eid}", _walk.Pages, _walk.Lowest);
            await foreach (var page in WalkedAsync(paging, ct))
            {
                yield return page;
            }
        }

        (long Asked, OpPage Page) before = (-1, OpPage.Empty);
        do
        {
            var asked = paging.Asked;
            var page = await list(asked == 0 ? OpQuery.Newest : OpQuery.Newer(asked), ct);
            RefuseRepetition(before, (asked, page));
            before = (asked, page);
            if (page.Events.Count == 0 && page.Count > 0)
            {
                if (paging.Take(page) is { } unreadable)
                {
                    yield return unreadable;
                }

                RefuseUnreadable(page, asked);
            }

            if (await IsContiguousAsync(paging, page, ct))
            {
                if (paging.Take(page) is { } taken)
                {
                    yield return taken;
                }

                continue;
            }

            await foreach (var walked in WalkedAsync(paging, ct))
            {
                yield return walked;
            }
        }
        while (!paging.AtEnd);
    }

    public void Dispose() => _walk?.Dispose();

    /// <summary>Whether nothing is missing below the page; if something is, the walk back to it has begun.</summary>
    async Task<bool> IsContiguousAsync(Paging paging, OpPage page, CancellationToken ct)
    {
        switch (paging.Judge(page))
        {
            case PageVerdict.Contiguous:
                return true;

            case PageVerdict.Unproven:
                var lowest = page.Events.First(each => each.Eid > paging.Asked).Eid;
                var older = await list(OpQuery.Older(lowest), ct);
                RefuseSenseless(older, lowest);
                var below = older.Below(lowest);
                if (below.Events.Count == 0)
                {
                    WarnOfGap(paging.Asked, lowest);
                }

                if (below.Events.All(each => each.Eid <= paging.Asked))
                {
                    return true;
                }

                Append(BeginWalk(page.Above(paging.Asked)), below);
                return false;

            case PageVerdict.NewestOnly:
                BeginWalk(page.Above(paging.Asked));
                return false;

            case PageVerdict.Gone when paging.GoneTooEarly(page, time.GetUtcNow()) is not { } gone:
                log.Warning("The log no longer shows event {Eid}, which is older than 300 days (1Password keeps 365); going on", paging.Expected);
                return true;

            case PageVerdict.Gone:
                throw Gone(paging, page);

            default:
                throw new Failure(ExitCode.SourceData, $"Asked for the events newer than {paging.Asked}, op showed only older ones; nothing is skipped. Is the id right (opcollector checkpoint show)?");
        }
    }

    Failure Gone(Paging paging, OpPage page) => new(
        ExitCode.SourceUnavailable,
        $"The log no longer shows event {paging.GoneTooEarly(page, time.GetUtcNow()) ?? paging.Expected}, which was read from it before: is it still account {fingerprint}, with the right View Administrative Sidebar? The checkpoint stays where it is");

    /// <summary>Walks on down to the id asked from, then gives everything back in ascending order.</summary>
    async IAsyncEnumerable<EventPage> WalkedAsync(Paging paging, [EnumeratorCancellation] CancellationToken ct)
    {
        var walk = _walk!;
        var asked = paging.Asked;
        var bottom = await WalkToAsync(walk, () => walk.Lowest <= asked, ct);
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
            Forget(walk);
        }
        else
        {
            yield return held with { Delivered = () => Forget(walk) };
        }
    }

    void RefuseHole(WalkFile walk, Paging paging, OpPage page)
    {
        if (paging.GoneTooEarly(page, time.GetUtcNow()) is not null)
        {
            var failure = Gone(paging, page);
            Forget(walk);
            throw failure;
        }
    }

    /// <summary>Finds the newest event before a time by walking back; the walk stays, so that its events need not be asked for again.</summary>
    async Task<Checkpoint> AnchorSinceAsync(DateTimeOffset since, CancellationToken ct)
    {
        _walk = WalkFile.Open(walkPath, fingerprint);
        if (_walk?.Since is null)
        {
            var newest = await list(OpQuery.Newest, ct);
            if (newest.Events.Count == 0)
            {
                return Checkpoint.At(fingerprint, 0);
            }

            BeginWalk(newest, since);
        }

        var walk = _walk!;
        since = walk.Since!.Value;
        await WalkToAsync(walk, () => walk.Ascending().First().Events[0].Time < since, ct);
        return At([.. walk.Ascending().First().Events.TakeWhile(each => each.Time < since)]);
    }

    /// <summary>Walks on down, to the bottom of the log at most.</summary>
    /// <returns>What lies at the bottom without a usable eid: it cannot be walked past.</returns>
    async Task<OpPage> WalkToAsync(WalkFile walk, Func<bool> isReached, CancellationToken ct)
    {
        try
        {
            while (!isReached())
            {
                var lowest = walk.Lowest;
                var page = await list(OpQuery.Older(lowest), ct);
                RefuseSenseless(page, lowest);
                var below = page.Below(lowest);
                if (below.Events.Count == 0)
                {
                    var confirmed = await ConfirmBottomAsync(walk, ct);
                    if (confirmed.Events.Count == 0)
                    {
                        return below;
                    }

                    below = confirmed;
                }

                Append(walk, below);
            }

            return OpPage.Empty;
        }
        finally
        {
            walk.Sync();
        }
    }

    /// <summary>
    /// Nothing below may mean the bottom of the log, or a server in trouble. The anchor again: asked from the event above, the
    /// answer must show the lowest one.
    /// </summary>
    /// <returns>What lies below after all.</returns>
    async Task<OpPage> ConfirmBottomAsync(WalkFile walk, CancellationToken ct)
    {
        var lowest = walk.Lowest;
        var above = walk.Ascending().Take(2).SelectMany(page => page.Events).Select(each => each.Eid).FirstOrDefault(eid => eid > lowest);
        if (above == 0)
        {
            // A single event leaves nothing to ask from.
            return OpPage.Empty;
        }

        var page = await list(OpQuery.Older(above), ct);
        RefuseSenseless(page, above);
        return page.Shows(lowest)
            ? page.Below(lowest)
            : throw new Failure(ExitCode.SourceUnavailable, $"Walking back, the log ended at event {lowest} and then no longer showed it; what was walked is kept, the next run goes on there");
    }

    WalkFile BeginWalk(OpPage newest, DateTimeOffset? since = null)
    {
        lock (_walking)
        {
            _walk = WalkFile.Create(walkPath, fingerprint, since);
        }

        Append(_walk, newest);
        return _walk;
    }

    void Append(WalkFile walk, OpPage page)
    {
        walk.Append(page);
        Walked++;
        log.Debug("Walked back to event {Eid}", walk.Lowest);
    }

    /// <summary>Comes from the delivering side too: the file of a walk that has begun meanwhile stays.</summary>
    void Forget(WalkFile walk)
    {
        lock (_walking)
        {
            if (_walk == walk)
            {
                _walk = null;
                walk.Delete();
            }
        }
    }

    Checkpoint At(IReadOnlyList<ActivityEvent> before) => before.Count == 0
        ? Checkpoint.At(fingerprint, 0)
        : Checkpoint.At(
            fingerprint,
            before[^1].Eid,
            before[^1].Time,
            before.TakeLast(Checkpoint.FewestKept).DistinctBy(each => each.Eid).Select(each => new KnownEvent(each.Eid, each.Time, time.GetUtcNow())));

    void WarnOfGap(long asked, long lowest) =>
        log.Warning("The log begins at event {Lowest}: nothing between {Asked} and it can be had any more", lowest, asked);

    static void RefuseRepetition((long Asked, OpPage Page) before, (long Asked, OpPage Page) now)
    {
        if (now.Asked != before.Asked && now.Page.Count > 0 && now.Page.IsSameAs(before.Page))
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

    static void RefuseSenseless(OpPage page, long lowest)
    {
        if (page.Events.Any(each => each.Eid > lowest))
        {
            throw new Failure(ExitCode.SourceData, $"Asked for the events older than {lowest}, op showed only newer ones; nothing is skipped, the next run asks again");
        }
    }
}
