namespace OpCollector.Sources.Op;

/// <summary>How far the ids of events are apart in a part of the log, about: it says how many ids a page of op spans. Pure.</summary>
/// <param name="Ids">For each event.</param>
internal readonly record struct EventSpacing(double Ids)
{
    // Over a gap it must grow fast. Narrower than needed costs calls, wider costs nothing: a range that holds too much is cut.
    const double FastestGrowth = 8;
    const double FastestShrinking = 4;

    // So that the width of some pages is a number still.
    const double Widest = long.MaxValue / 100_000.0;

    /// <summary>A first guess, from how close the ids of a page are.</summary>
    public static EventSpacing Measure(OpPage page) =>
        page.Events is [var first, .., var last] ? Estimate(last.Eid - first.Eid, page.Events.Count - 1) : new EventSpacing(1);

    public EventSpacing Doubled => Limited(2 * Ids);

    /// <summary>That of a part of so many ids with so many events.</summary>
    public static EventSpacing Estimate(long width, int events) => Limited((double)width / events);

    /// <summary>What is to be expected next to a part of so many ids with so many events.</summary>
    public EventSpacing NextTo(long width, int events) =>
        Limited(events == 0 ? Ids * FastestGrowth : Math.Clamp((double)width / events, Ids / FastestShrinking, Ids * FastestGrowth));

    /// <summary>How many ids so many pages span.</summary>
    public long Width(double pages) => (long)Math.Clamp(Ids * OpPage.Full * pages, 1, long.MaxValue / 2);

    /// <summary>How many pages so many ids are on.</summary>
    public double Pages(long width) => width / (Ids * OpPage.Full);

    static EventSpacing Limited(double ids) => new(Math.Clamp(ids, 1, Widest));
}
