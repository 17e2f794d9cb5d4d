namespace OpCollector.Sources.Op;

/// <summary>
/// A range that is read from its upper end down, page by page: whatever the server means by "newer", it shows what is older than an id,
/// newest first, 100 at a time. What is not read of it yet can be cut off, to be read beside it.
/// </summary>
internal sealed class OpRangeReading(OpRange range, EventSpacing spacing, OpRangeReading? cutFrom = null)
{
    // The first page is asked for from an id that is perhaps no event; the second one from an event, and shows so many of the first.
    const int Overlap = 5;

    readonly List<OpPage> _pages = [];
    OpRange _range = range;
    EventSpacing _spacing = spacing;
    long _asked = range.High + 1;

    /// <summary>The call that is under way; null where there is none.</summary>
    public Task? Call { get; set; }

    /// <summary>What the next call asks.</summary>
    public OpQuery Query => OpQuery.Older(_asked);

    /// <summary>What has come of it; null before its end.</summary>
    public OpRangeAnswer? Answer { get; private set; }

    /// <summary>Whether it waits for its next call.</summary>
    public bool IsIdle => Call is null && Answer is null;

    public bool IsBegun => Call is not null || _pages.Count > 0;

    /// <summary>How many pages are held of it, and how many bytes they have.</summary>
    public int Pages => _pages.Count;

    public long Bytes { get; private set; }

    /// <summary>How many pages are still to be read, about.</summary>
    public double PagesLeft => _spacing.Pages(_asked - 1 - _range.Low);

    /// <summary>Takes what the call has brought.</summary>
    public void Keep(OpPage page)
    {
        Call = null;
        _pages.Add(page);
        Bytes += page.Bytes;
        LargeMemory.Return(Bytes);
        if (EndIn(page) is { } end)
        {
            Answer = OpRangeAnswer.Collect(_range, end, _pages);
            cutFrom?.AdaptSpacing(_range.Width, Answer.Events.Count);
            return;
        }

        _spacing = EventSpacing.Estimate(_asked - page.Events[0].Eid, OpPage.Full);
        _asked = page.Events[_pages.Count == 1 ? Math.Min(Overlap, page.Events.Count - 1) : 0].Eid;
    }

    /// <summary>Takes the reason why the call has brought nothing.</summary>
    public void Fail(Failure failure)
    {
        Call = null;
        Answer = OpRangeAnswer.Failed(_range, failure);
    }

    /// <summary>Cuts so many pages off its lower end, about, for another reading; null where it has no more than that.</summary>
    public OpRangeReading? CutOff(double pages)
    {
        var (low, width) = (_range.Low, _spacing.Width(pages));
        if (width >= _asked - 1 - low)
        {
            return null;
        }

        var lower = new OpRangeReading(new OpRange(low, low + width), _spacing, this);
        _range = _range with { Low = low + width };
        // The page above was perhaps of a short busy time: what is cut off next, before more is known, is wider.
        _spacing = IsBegun ? _spacing.Doubled : _spacing;
        return lower;
    }

    /// <summary>Forgets what was read, and begins anew.</summary>
    public void Restart()
    {
        _pages.Clear();
        (_asked, Bytes, Answer) = (_range.High + 1, 0, null);
    }

    void AdaptSpacing(long width, int events) => _spacing = _spacing.NextTo(width, events);

    /// <summary>Null where the range goes on below the page.</summary>
    OpRangeEnd? EndIn(OpPage page) => page switch
    {
        { Events: [.., var newest] } when newest.Eid > _asked => OpRangeEnd.Senseless,
        { Events: [], IsFull: true } => OpRangeEnd.Senseless,
        _ when _pages is [var first, _] && !first.Below(_asked).Events.All(each => page.Shows(each.Eid)) => OpRangeEnd.Senseless,
        { Events: [var lowest, ..] } when lowest.Eid <= _range.Low => OpRangeEnd.Reached,
        { IsFull: false } => OpRangeEnd.Bottom,
        // A server that shows the id it was asked from, and nothing but that one, would do so for ever.
        { Events: [var lowest, ..] } when lowest.Eid >= _asked => OpRangeEnd.Senseless,
        _ => null,
    };
}
