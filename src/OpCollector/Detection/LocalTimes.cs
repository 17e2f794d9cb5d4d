using NodaTime;

namespace OpCollector.Detection;

/// <summary>What a local clock shows at a moment.</summary>
internal static class LocalTimes
{
    // The calendar ends with the year 9999, in every zone; a week before is the same weekday.
    static readonly DateTimeOffset Latest = DateTimeOffset.MaxValue.AddDays(-7);

    public static LocalDateTime InZone(this DateTimeOffset time, DateTimeZone zone) =>
        Instant.FromDateTimeOffset(time > Latest ? time.AddDays(-7) : time).InZone(zone).LocalDateTime;
}
