using System.Runtime.CompilerServices;
using OpCollector.Events;
using Serilog;

namespace OpCollector.Sources.Op;

/// <summary>
/// Reads a part of the log with several calls of op at once. The calls end in any order, the ranges are yielded in ascending order, and
/// each must join what is below it: its answer shows the last event that is known there. What does not fit ends this way of reading, and
/// reading one page after the other judges it.
/// </summary>
internal sealed class OpRanges(Op op, ILogger log)
{
    readonly HashSet<string> _malformed = [];
    readonly SortedSet<long> _known = [];
    OpPage _newest = OpPage.Empty;
    long _from;
    long _top;
    long _delivered;
    long? _failedAt;
    bool _isGrounded;

    /// <summary>Whether everything up to the end was read; if not, the rest is read one page after the other.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Everything after a position up to and with event <paramref name="to"/>, but never the newest event of the log.</summary>
    public async IAsyncEnumerable<NewEvents> PagesAsync(OpPosition position, long to, [EnumeratorCancellation] CancellationToken ct)
    {
        if (await BeginAsync(position, to, ct) is { } failure)
        {
            WarnOf(failure.Message);
            yield break;
        }

        using var enough = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var ahead = new OpRangesAhead(op, new OpRange(_from, _top), EventSpacing.Measure(_newest), enough.Token);
        try
        {
            while (await ahead.NextAsync() is { } answer)
            {
                if (await ObjectionAsync(answer, ct) is { } objection)
                {
                    if (!CanGoOn(answer, objection))
                    {
                        yield break;
                    }

                    ahead.Again(answer.Range);
                    continue;
                }

                foreach (var page in Accept(answer))
                {
                    yield return page;
                }
            }

            IsDone = _isGrounded && to <= _top;
        }
        finally
        {
            await enough.CancelAsync();
            await ahead.EndAsync();
        }
    }

    // Where op cannot be asked at all, the next call fails for the same reason, and ends the run.
    void WarnOf(string reason) =>
        log.Warning("{Reason:l}. Going on with one call after the other: slower, and nothing is left out", reason.TrimEnd('.'));

    /// <returns>Why there is no newest page to begin with; null where there is.</returns>
    async Task<Failure?> BeginAsync(OpPosition position, long to, CancellationToken ct)
    {
        try
        {
            Begin(position, to, await op.ListInParallelAsync(OpQuery.Newest, ct));
            return null;
        }
        catch (Failure failure)
        {
            return failure;
        }
    }

    void Begin(OpPosition position, long to, OpPage newest)
    {
        (_newest, _from) = (newest, position.AskFrom);
        _known.UnionWith(position.Recent.Select(each => each.Eid));
        // Never asks from the newest event's id or above: op 0.x would cut a larger id, and no answer could prove anything.
        _top = newest.Events is [.., var last] ? Math.Min(to, last.Eid - 1) : _from;
        (_delivered, _failedAt, _isGrounded) = (_from, null, !position.Recent.IsEmpty);
        _malformed.UnionWith(position.RecentMalformed);
    }

    /// <summary>Whether a range is asked for once more, behind an answer that could not be taken.</summary>
    bool CanGoOn(OpRangeAnswer answer, string objection)
    {
        if (answer.Failure is null || _delivered == _failedAt)
        {
            WarnOf(objection);
            return false;
        }

        _failedAt = _delivered;
        log.Information("{Reason:l}. Trying again from event {Eid}", objection.TrimEnd('.'), _delivered);
        return true;
    }

    /// <summary>What speaks against an answer, or why op cannot be asked about it; null where it joins what is known.</summary>
    async Task<string?> ObjectionAsync(OpRangeAnswer answer, CancellationToken ct)
    {
        try
        {
            return await JudgeAsync(answer, ct);
        }
        catch (Failure failure)
        {
            return failure.Message;
        }
    }

    async Task<string?> JudgeAsync(OpRangeAnswer answer, CancellationToken ct) => answer.End switch
    {
        OpRangeEnd.Failed => answer.Failure!.Message,
        OpRangeEnd.Reached when _isGrounded || answer.Range.Low == _from => Missing(answer) is { } eid
            ? $"Next to the events after {answer.Range.Low} op does not show event {eid}, which was read before"
            : null,
        OpRangeEnd.Bottom when !_isGrounded => await IsBottomAsync(answer, ct) ? null : Senseless(answer),
        _ => Senseless(answer),
    };

    static string Senseless(OpRangeAnswer answer) =>
        $"Asked for the events older than {answer.Range.High + 1}, an id that is perhaps no event, op shows what does not fit to its "
            + "other answers";

    /// <summary>Of what is known and must be shown with the range, the first event that is not; null where nothing is missing.</summary>
    long? Missing(OpRangeAnswer answer)
    {
        var (lowest, (low, high)) = (answer.Below[0].Eid, answer.Range);
        var anchor = _known.GetViewBetween(0, low) is { Count: > 0 } below ? below.Max : _from;
        return anchor < lowest
            ? anchor
            : _known.GetViewBetween(lowest, high).Select(eid => (long?)eid).FirstOrDefault(eid => !answer.Shows(eid!.Value));
    }

    /// <summary>
    /// Nothing below may mean the bottom of the log, or a server in trouble, or one that does not know the id. The newest page tells,
    /// and asked from the event above it the answer must show the lowest one, and nothing else.
    /// </summary>
    async Task<bool> IsBottomAsync(OpRangeAnswer answer, CancellationToken ct)
    {
        if (!_newest.Events.Where(each => each.Eid <= answer.Range.High).All(each => answer.Shows(each.Eid)))
        {
            return false;
        }

        return answer.Events switch
        {
            [] => true,
            [var lowest, var above, ..] =>
                await op.ListInParallelAsync(OpQuery.Older(above.Eid), ct) is { IsFull: false } page
                    && page.Below(above.Eid).Events is [var only]
                    && only.Eid == lowest.Eid,
            [var lowest] => (await op.ListInParallelAsync(OpQuery.Older(lowest.Eid), ct)).Below(lowest.Eid).Events.Count == 0,
        };
    }

    /// <summary>A range, in pages of the usual size, and before it what came late below it.</summary>
    IEnumerable<NewEvents> Accept(OpRangeAnswer answer)
    {
        if (!_isGrounded && answer is { End: OpRangeEnd.Bottom, Events: [var lowest, ..] } && _from > 0 && lowest.Eid > _from + 1)
        {
            log.Warning("The log begins at event {Lowest}: nothing between {Asked} and it can be had any more", lowest.Eid, _from);
        }

        _isGrounded |= answer.End == OpRangeEnd.Reached || answer.Events.Count > 0;
        _delivered = answer.Range.High;
        var fresh =
            answer.Below.SkipWhile(each => each.Eid <= _from).Concat(answer.Events).Where(each => !_known.Contains(each.Eid)).ToList();
        Remember(fresh);
        var malformed = answer.Malformed.Where(each => _malformed.Add(each.Id)).ToList();
        foreach (var page in fresh.Chunk(OpPage.Full).DefaultIfEmpty([]))
        {
            if (page.Length + malformed.Count > 0)
            {
                yield return new NewEvents(page, malformed);
            }

            malformed = [];
        }
    }

    // An answer shows at most 100 events, so only the newest known ids can be needed to join it.
    void Remember(List<ActivityEvent> fresh)
    {
        _known.UnionWith(fresh.Select(each => each.Eid));
        while (_known.Count > 2 * OpPosition.MostKept)
        {
            _from = _known.Min;
            _known.Remove(_from);
        }
    }
}
