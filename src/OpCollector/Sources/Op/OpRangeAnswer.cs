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
    public static OpRangeAnswer Failed(OpRange range, Failure failure) => new(range, OpRangeEnd.Failed, [], [], [], failure);

    public static OpRangeAnswer Collect(OpRange range, OpRangeEnd end, IReadOnlyList<OpPage> pages)
    {
        if (end == OpRangeEnd.Senseless)
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

    public bool Shows(long eid) => Events.Concat(Below).Any(each => each.Eid == eid);
}

/// <summary>Where the reading of a range from its upper end down came to its end.</summary>
internal enum OpRangeEnd
{
    /// <summary>At an event below the range: nothing is missing in it.</summary>
    Reached,

    /// <summary>Above its lower end, where the log says that it begins.</summary>
    Bottom,

    /// <summary>At an answer that does not fit the question.</summary>
    Senseless,

    /// <summary>At a question that op could not have answered, or would not have.</summary>
    Failed,
}
