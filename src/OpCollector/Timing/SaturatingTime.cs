namespace OpCollector.Timing;

/// <summary>
/// Arithmetic on times that never fails: events, clocks and files may hold any moment, and a sum beyond the ends of the calendar is its
/// end.
/// </summary>
internal static class SaturatingTime
{
    public static DateTimeOffset Plus(this DateTimeOffset moment, TimeSpan span)
    {
        // Compared in UTC: an offset may lead over the end where the moment itself does not.
        var ticks = moment.UtcTicks;
        return span.Ticks > DateTimeOffset.MaxValue.Ticks - ticks ? DateTimeOffset.MaxValue
            : span.Ticks < -ticks ? DateTimeOffset.MinValue
            : new DateTimeOffset(ticks + span.Ticks, TimeSpan.Zero);
    }

    public static DateTimeOffset Minus(this DateTimeOffset moment, TimeSpan span) =>
        moment.Plus(span == TimeSpan.MinValue ? TimeSpan.MaxValue : -span);

    /// <summary>How long ago it was; nothing where it is still to come.</summary>
    public static TimeSpan Ago(this DateTimeOffset moment, DateTimeOffset now) => moment > now ? TimeSpan.Zero : now - moment;

    /// <summary>
    /// The moment, or null where it is still to come. A clock that was ahead for one run leaves such moments behind; what was done
    /// then counts as never done, or it would hold for a year.
    /// </summary>
    public static DateTimeOffset? UnlessToCome(this DateTimeOffset? moment, DateTimeOffset now) => moment <= now ? moment : null;

    /// <summary>So many seconds, at most as many as a span can hold; zero where the number is not one.</summary>
    public static TimeSpan Seconds(double seconds) => double.IsNaN(seconds) ? TimeSpan.Zero
        : seconds >= TimeSpan.MaxValue.TotalSeconds ? TimeSpan.MaxValue
        : seconds <= TimeSpan.MinValue.TotalSeconds ? TimeSpan.MinValue
        : TimeSpan.FromSeconds(seconds);
}
