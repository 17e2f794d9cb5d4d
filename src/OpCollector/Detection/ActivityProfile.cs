using NodaTime;

namespace OpCollector.Detection;

/// <summary>
/// When one person was active: weekdays and hours in that person's zone, and the working hours they suggest. What counts is on how
/// many dates an hour was worked in, so that one busy night does not look like a habit.
/// </summary>
internal sealed class ActivityProfile(string userUuid, DateTimeZone zone)
{
    const int Days = 7;
    const int Hours = 24;

    // A weekday with less than a twentieth of all activity is an exception and not a working day.
    const double LeastShareOfDay = 0.05;
    const double WantedShare = 0.95;

    readonly int[] _counts = new int[Days * Hours];
    readonly HashSet<(LocalDate Date, int Hour)> _worked = [];

    public string UserUuid => userUuid;

    public DateTimeZone Zone => zone;

    /// <summary>What the person is called, where an event said so; an e-mail address rather than a name.</summary>
    public string? CalledBy { get; set; }

    public int Events { get; private set; }

    public int Busiest => _counts.Max();

    public int this[IsoDayOfWeek day, int hour] => _counts[(((int)day - 1) * Hours) + hour];

    public void Add(DateTimeOffset time)
    {
        var local = time.InZone(zone);
        Events++;
        if (_worked.Add((local.Date, local.Hour)))
        {
            _counts[(((int)local.DayOfWeek - 1) * Hours) + local.Hour]++;
        }
    }

    /// <summary>
    /// The shortest span of hours, over midnight where need be, that together with its usual days covers 95 % of all hours worked in; the
    /// best of those that are equally short.
    /// </summary>
    public ProposedHours Propose()
    {
        var best = new ProposedHours([], 0, Hours, 0);
        for (var length = 1; length <= Hours; length++)
        {
            best = Enumerable.Range(0, Hours).Select(from => Covered(from, length)).Concat([best]).MaxBy(each => each.Share)!;
            if (best.Share >= WantedShare)
            {
                break;
            }
        }

        return best;
    }

    ProposedHours Covered(int from, int length)
    {
        var byDay = new int[Days];
        for (var day = 0; day < Days; day++)
        {
            for (var hour = 0; hour < length; hour++)
            {
                // What is behind midnight belongs to the day on which the span began.
                byDay[day] += _counts[((day * Hours) + from + hour) % _counts.Length];
            }
        }

        var days = Enumerable.Range(0, Days).Where(day => byDay[day] > 0 && byDay[day] >= LeastShareOfDay * _worked.Count).ToArray();
        return new ProposedHours(
            [.. days.Select(day => (IsoDayOfWeek)(day + 1))],
            from,
            length,
            _worked.Count == 0 ? 0 : days.Sum(day => byDay[day]) / (double)_worked.Count);
    }
}
