using NodaTime;
using NodaTime.Text;

namespace OpCollector.Detection;

/// <summary>
/// When each of the people listed works, in that person's own time zone. Sigma cannot say it: its <c>hour</c> knows no zone. Who
/// is not listed works whenever it pleases.
/// </summary>
internal sealed class WorkingHours
{
    // A holiday may be long, and a stretch without an end is one all the same.
    const int MostDays = 40;
    const string LongAgo = "long ago";

    readonly Dictionary<string, WorkingHoursSettings[]> _spans;

    /// <param name="names">Who is meant by what the configuration calls a user.</param>
    public WorkingHours(IEnumerable<WorkingHoursSettings> settings, Watchlists names)
    {
        var all = settings.ToArray();
        _spans = all.Where(each => names.User(each.User) is not null)
            .GroupBy(each => names.User(each.User)!, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(person => person.Key, WithAllHolidays, StringComparer.OrdinalIgnoreCase);
        Warnings = [.. all.Select(each => each.User).Distinct().Where(user => names.User(user) is null)
            .Select(
                user =>
                    $"detection.workingHours: \"{user}\" is not found as one user among the names that are known; use the uuid, or add " +
                        "the name to enrichment.lists")];
    }

    public IReadOnlyList<string> Warnings { get; }

    public bool IsEmpty => _spans.Count == 0;

    /// <summary>The zone that a user works in; null for one who is not listed.</summary>
    public DateTimeZone? ZoneOf(string userUuid, string? address) => SpansOf(userUuid, address) is [var span, ..] ? span.Zone : null;

    /// <summary>Whether the user is listed and does not work at this moment.</summary>
    public bool IsOutside(string userUuid, string? address, DateTimeOffset time) =>
        SpansOf(userUuid, address) is { } spans && !spans.Any(span => Covers(span, time));

    /// <summary>
    /// Whether somebody who is listed works in an hour of a usual week, in a part of it at least; null for one who is not listed.
    /// </summary>
    public bool? Covers(string userUuid, string? address, IsoDayOfWeek day, int hour) =>
        SpansOf(userUuid, address)?.Any(span => Covers(span, day, hour));

    /// <summary>
    /// The stretch of time outside the working hours that contains a moment, named by its beginning; null for one within them, and for
    /// somebody who is not listed.
    /// </summary>
    public string? StretchOf(string userUuid, string? address, DateTimeOffset time)
    {
        if (SpansOf(userUuid, address) is not { } spans || spans.Any(span => Covers(span, time)))
        {
            return null;
        }

        LocalDateTime[] ends = [.. spans.SelectMany(span => EndsBefore(span, time))];
        return ends.Length == 0 ? LongAgo : LocalDateTimePattern.GeneralIso.Format(ends.Max());
    }

    static IEnumerable<LocalDateTime> EndsBefore(WorkingHoursSettings span, DateTimeOffset time)
    {
        var local = time.InZone(span.Zone);
        return Enumerable.Range(0, MostDays)
            .Select(days => local.Date.PlusDays(-days))
            .Where(date => Begins(span, date))
            .Select(date => (span.To <= span.From ? date.PlusDays(1) : date) + span.To)
            .Where(end => end <= local)
            .Take(1);
    }

    WorkingHoursSettings[]? SpansOf(string userUuid, string? address) =>
        _spans.TryGetValue(userUuid, out var spans) || (address is not null && _spans.TryGetValue(address, out spans)) ? spans : null;

    static bool Covers(WorkingHoursSettings span, DateTimeOffset time)
    {
        var local = time.InZone(span.Zone);
        var isOverMidnight = span.To <= span.From;
        return (Begins(span, local.Date) && local.TimeOfDay >= span.From && (isOverMidnight || local.TimeOfDay < span.To))
            || (isOverMidnight && local.TimeOfDay < span.To && Begins(span, local.Date.PlusDays(-1)));
    }

    static bool Covers(WorkingHoursSettings span, IsoDayOfWeek day, int hour)
    {
        var isOverMidnight = span.To <= span.From;
        var before = day == IsoDayOfWeek.Monday ? IsoDayOfWeek.Sunday : day - 1;
        return (span.Days.Contains(day) && span.From.Hour <= hour && (isOverMidnight || new LocalTime(hour, 0) < span.To))
            || (isOverMidnight && span.Days.Contains(before) && new LocalTime(hour, 0) < span.To);
    }

    static bool Begins(WorkingHoursSettings span, LocalDate date) => span.Days.Contains(date.DayOfWeek) && !span.Holidays.Contains(date);

    // A holiday counts for all spans of the person, not only for the one that names it.
    static WorkingHoursSettings[] WithAllHolidays(IEnumerable<WorkingHoursSettings> spans)
    {
        var holidays = spans.SelectMany(span => span.Holidays).ToHashSet();
        return [.. spans.Select(span => span with { Holidays = [.. holidays] })];
    }
}
