using OpCollector.Events;

namespace OpCollector.Sources.Op;

/// <summary>
/// Finds a time in the log by halving: ids ascend with time, and op shows what is older than any id. About thirty questions for a
/// history of any length.
/// </summary>
internal sealed class OpTimeSearch(Op op)
{
    /// <summary>
    /// The highest id before the first event from <paramref name="time"/> on. What the answer rests on is asked for once more, from
    /// an event that exists.
    /// </summary>
    /// <param name="newest">The newest page of the log.</param>
    /// <returns>Null where answers do not fit together: perhaps the server knows only ids of its events.</returns>
    // Long: the bounds of the search change with each answer.
    public async Task<long?> BeforeAsync(DateTimeOffset time, OpPage newest, CancellationToken ct)
    {
        var (page, asked) = (newest, long.MaxValue);
        // Events up to `low` happened before the time; events from `high` on did not. `seen` is the highest id seen before it.
        var (low, high, seen) = (0L, long.MaxValue, 0L);
        while (true)
        {
            if (page.Events is [.., var last] ? last.Eid > asked || last.Eid < seen : seen > 0)
            {
                return null;
            }

            var below = page.Below(asked).Events;
            var first = below.FirstOrDefault(each => each.Time >= time);
            if (below.Count > 0 && below.All(each => each.Time is null))
            {
                return null;
            }

            if (first is null)
            {
                // Nothing of that time yet.
                low = asked == long.MaxValue ? (below.Count > 0 ? below[^1].Eid : 0) : asked - 1;
                seen = below.Count > 0 ? below[^1].Eid : seen;
            }
            else
            {
                high = first.Eid;
                if (first == below[0] && !page.IsFull)
                {
                    // The bottom of the log.
                    low = high - 1;
                }
                else if (first != below[0])
                {
                    (low, seen) = (Math.Max(low, high - 1), below.Last(each => each.Eid < high).Eid);
                }
            }

            if (high == long.MaxValue || high - low <= 1)
            {
                return high == long.MaxValue || (low < high && await IsProvenAsync(high, time, seen, ct)) ? low : null;
            }

            asked = low + 1 + ((high - low) / 2);
            page = await op.ListAsync(OpQuery.Older(asked), ct);
        }
    }

    async Task<bool> IsProvenAsync(long high, DateTimeOffset time, long seen, CancellationToken ct)
    {
        var below = (await op.ListAsync(OpQuery.Older(high), ct)).Below(high).Events;
        return below is [.., var last] ? last.Eid >= seen && !(last.Time >= time) : seen == 0;
    }
}
