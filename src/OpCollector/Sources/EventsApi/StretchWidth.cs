namespace OpCollector.Sources.EventsApi;

/// <summary>How long the next stretch of a backfill is: as long as a page that is not quite full, by what the last one showed.</summary>
/// <param name="limit">The most events of a page.</param>
internal sealed class StretchWidth(int limit)
{
    // Full enough to ask seldom, and with room for an hour that is busier than the last one.
    const double Filling = 0.8;

    // A quiet night says little of the day behind it.
    const double MostGrowth = 4;

    // A stretch planned in a quiet time is discarded when events become dense: its many pages would be read one by one.
    const double TooWide = 3;

    static readonly TimeSpan Narrowest = TimeSpan.FromSeconds(10);

    // An account may have begun long after the time that was asked for, and how busy it is shows only then.
    static readonly TimeSpan WidestOfNothing = TimeSpan.FromDays(1);

    TimeSpan _width = TimeSpan.FromHours(1);

    /// <summary>Where a stretch ends that begins there; a rest that is too short for one of its own belongs to it.</summary>
    public DateTimeOffset EndOf(DateTimeOffset from, DateTimeOffset end) => end.Minus(1.5 * _width) > from ? from.Plus(_width) : end;

    /// <summary>Adapts the width to what a stretch has shown.</summary>
    public void Adapt(TimeSpan width, int events)
    {
        var wanted = width * Math.Min(MostGrowth, Filling * limit / Math.Max(events, 1));
        wanted = events > 0 || wanted < WidestOfNothing ? wanted : width > WidestOfNothing ? width : WidestOfNothing;
        _width = wanted > Narrowest ? wanted : Narrowest;
    }

    /// <summary>Whether a stretch that was planned before is far wider than one would be now.</summary>
    public bool IsTooWide(TimeSpan width) => width > TooWide * _width;
}
