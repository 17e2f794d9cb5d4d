namespace OpCollector.Sources.Op;

/// <summary>
/// How many ids the next ranges span: so many that each holds about 80 events, for one call of op shows 100 and some of them must
/// come from below. Pure.
/// </summary>
internal static class RangeWidth
{
    const int Wanted = 80;

    // Over a gap the width grows fast; among events it follows what it finds.
    const int FastestOverGap = 8;
    const double Fastest = 4;
    const long Widest = long.MaxValue / FastestOverGap;

    /// <summary>A first guess, from how close the ids of a page are.</summary>
    public static long Of(OpPage page) =>
        page.Events is [var first, .., var last] ? Limited((double)(last.Eid - first.Eid) / (page.Events.Count - 1) * Wanted) : Wanted;

    /// <summary>After a range of this width that held so many events.</summary>
    public static long After(long width, int events) =>
        Limited(events == 0 ? (double)width * FastestOverGap : width * Math.Clamp((double)Wanted / events, 1 / Fastest, Fastest));

    /// <summary>After a range of this width that held far more than it should; 0 where no narrower one is left.</summary>
    public static long AfterTooWide(long width) => width / (int)Fastest is > 0 and var narrower ? narrower : width / 2;

    static long Limited(double width) => (long)Math.Clamp(width, 1, Widest);
}
