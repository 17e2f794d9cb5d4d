using OpCollector.Configuration;
using OpCollector.Events;
using Serilog;

namespace OpCollector.Sources.Op;

/// <summary>
/// Finds the place in the log where a run begins: behind its newest event, or at a moment. A moment is looked for by halving,
/// or, where the server refuses that, by walking back.
/// </summary>
internal sealed class OpBeginnings(Op op, OpWalk walk, string fingerprint, TimeProvider time, ILogger log)
{
    // Ids are given out before events are committed, so their order and that of times differ. An event that is out of its place by
    // up to half of this is found by its time.
    static readonly TimeSpan Margin = TimeSpan.FromHours(2);

    public async Task<OpPosition> FirstAsync(StartingPoint start, CancellationToken ct) =>
        start.Oldest || start.Eid is not null ? OpPosition.At(fingerprint, start.Eid ?? 0)
        : start.Ago is { } ago ? await SinceAsync(time.GetUtcNow().Minus(ago), ct)
        : Behind((await op.ListAsync(OpQuery.Newest, ct)).Events);

    /// <summary>
    /// Between which ids everything lies that happened from a moment to another, both included, and perhaps more: above the first, up
    /// to and with the second.
    /// </summary>
    /// <returns>Null for an empty log; an end that is null where none was asked for.</returns>
    public async Task<(long From, long? To)?> BetweenAsync(DateTimeOffset since, DateTimeOffset? until, CancellationToken ct)
    {
        var newest = await op.ListAsync(OpQuery.Newest, ct);
        if (newest.Events.Count == 0)
        {
            return null;
        }

        var (first, behind) = (since.Minus(Margin), until?.Plus(Margin));
        try
        {
            var search = new OpTimeSearch(op);
            if (await search.BeforeAsync(first, newest, ct) is { } from)
            {
                var to = behind is { } end ? await search.BeforeAsync(end, newest, ct) : null;
                if (to is not null || behind is null)
                {
                    return (from, to);
                }
            }

            log.Warning(
                "Asked from ids that are perhaps no events, op shows what does not fit together. Walking back from the newest event " +
                    "instead: slower, and nothing is left out");
        }
        catch (Failure failure)
        {
            log.Warning(
                "{Reason:l}. Walking back from the newest event instead: slower, and nothing is left out",
                failure.Message.TrimEnd('.'));
        }

        var anchor = await SinceAsync(first, ct);
        return (anchor.LastEventId, behind is { } last ? LastBefore(last) : null);
    }

    long? LastBefore(DateTimeOffset moment) =>
        walk.Resume()?.Ascending().SelectMany(page => page.Events).LastOrDefault(each => !(each.Time >= moment))?.Eid;

    /// <summary>
    /// Finds the newest event before a time by walking back; the walk stays, so that its events need not be asked for again.
    /// </summary>
    async Task<OpPosition> SinceAsync(DateTimeOffset since, CancellationToken ct)
    {
        var file = walk.Resume();
        if (file?.Since is null)
        {
            var newest = await op.ListAsync(OpQuery.Newest, ct);
            if (newest.Events.Count == 0)
            {
                return OpPosition.At(fingerprint, 0);
            }

            file = walk.Begin(newest, since);
        }

        since = file.Since!.Value;
        await walk.DownToTimeAsync(file, since, ct);
        return Behind([.. file.Ascending().First().Events.TakeWhile(each => each.Time < since)]);
    }

    OpPosition Behind(IReadOnlyList<ActivityEvent> before) => before.Count == 0
        ? OpPosition.At(fingerprint, 0)
        : OpPosition.At(
            fingerprint,
            before[^1].Eid,
            before[^1].Time,
            before.TakeLast(OpPosition.FewestKept)
                .DistinctBy(each => each.Eid)
                .Select(each => new KnownEvent(each.Eid, each.Time, time.GetUtcNow())));
}
