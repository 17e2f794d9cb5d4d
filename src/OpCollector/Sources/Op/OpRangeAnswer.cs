using OpCollector.Events;

namespace OpCollector.Sources.Op;

/// <summary>What op showed of a range when it was asked for what is older than its upper end.</summary>
/// <param name="Events">What is in the range, ascending.</param>
/// <param name="Below">What was shown of the events below it, ascending: where they are known, nothing is missing between.</param>
/// <param name="Malformed">What was shown and has no usable eid; it may be in the range or below it.</param>
/// <param name="Failure">Why it could not be read; null where it could.</param>
internal sealed record OpRangeAnswer(
    OpRange Range,
    OpRangeEnd End,
    IReadOnlyList<ActivityEvent> Events,
    IReadOnlyList<ActivityEvent> Below,
    IReadOnlyList<MalformedEvent> Malformed,
    Failure? Failure = null)
{
    const int MostPages = 3;

    /// <summary>
    /// Reads a range. Whatever the server means by "newer", it shows what is older than an id, newest first, 100 at a time.
    /// </summary>
    public static async Task<OpRangeAnswer> ReadAsync(Op op, OpRange range, CancellationToken ct)
    {
        var pages = new List<OpPage>();
        for (var asked = range.High + 1; ;)
        {
            OpPage page;
            try
            {
                page = await op.ListAtOnceAsync(OpQuery.Older(asked), ct);
            }
            catch (Failure failure)
            {
                return new OpRangeAnswer(range, OpRangeEnd.Failed, [], [], [], failure);
            }

            pages.Add(page);
            if (EndOf(range, asked, page, pages.Count) is { } end)
            {
                return Of(range, end, pages);
            }

            asked = page.Events[0].Eid;
        }
    }

    public bool Shows(long eid) => Events.Concat(Below).Any(each => each.Eid == eid);

    /// <summary>Null where the range goes on below the page.</summary>
    static OpRangeEnd? EndOf(OpRange range, long asked, OpPage page, int pages) => page switch
    {
        { Events: [.., var newest] } when newest.Eid > asked => OpRangeEnd.Senseless,
        { Events: [], IsFull: true } => OpRangeEnd.Senseless,
        { Events: [var lowest, ..] } when lowest.Eid <= range.Low => OpRangeEnd.Reached,
        { IsFull: false } => OpRangeEnd.Bottom,
        // A server that shows the id it was asked from, and nothing but that one, would do so for ever.
        { Events: [var lowest, ..] } when lowest.Eid >= asked => OpRangeEnd.Senseless,
        // So much of the range was on so many pages: how many will the rest be on?
        { Events: [var lowest, ..] } =>
            (lowest.Eid - range.Low) / (MostPages + 1) > range.High - lowest.Eid || pages == MostPages ? OpRangeEnd.TooWide : null,
    };

    static OpRangeAnswer Of(OpRange range, OpRangeEnd end, List<OpPage> pages)
    {
        if (end is OpRangeEnd.Senseless or OpRangeEnd.TooWide)
        {
            return new OpRangeAnswer(range, end, [], [], []);
        }

        // A server may show the id that it was asked from, too.
        var events = pages.SelectMany(page => page.Events)
            .Where(each => each.Eid <= range.High)
            .DistinctBy(each => each.Id)
            .OrderBy(each => each.Eid)
            .ToList();
        return new OpRangeAnswer(
            range,
            end,
            [.. events.Where(each => each.Eid > range.Low)],
            [.. events.Where(each => each.Eid <= range.Low)],
            [.. pages.SelectMany(page => page.Malformed)]);
    }
}

/// <summary>Where the reading of a range from its upper end down came to its end.</summary>
internal enum OpRangeEnd
{
    /// <summary>At an event below the range: nothing is missing in it.</summary>
    Reached,

    /// <summary>Above its lower end, where the log says that it begins.</summary>
    Bottom,

    /// <summary>In the middle: the range holds more than it was made for.</summary>
    TooWide,

    /// <summary>At an answer that is none to the question.</summary>
    Senseless,

    /// <summary>At a question that op could not have answered, or would not have.</summary>
    Failed,
}
