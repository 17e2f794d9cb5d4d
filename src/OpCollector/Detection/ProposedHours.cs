using System.Globalization;
using NodaTime;

namespace OpCollector.Detection;

/// <summary>Working hours as a person's history suggests them.</summary>
/// <param name="Share">How many of the hours worked in they cover, from 0 to 1.</param>
internal sealed record ProposedHours(IReadOnlyList<IsoDayOfWeek> Days, int FromHour, int Length, double Share)
{
    // A longer span is that of a person without regular hours.
    const int LongestDay = 14;

    /// <summary>Whether the history has a pattern at all.</summary>
    public bool IsRegular => Length <= LongestDay && Share >= 0.8;

    public string From => Clock(FromHour);

    public string To => Clock((FromHour + Length) % 24 is 0 ? 24 : (FromHour + Length) % 24);

    /// <summary>The days as the configuration has them: <c>Mon-Fri</c>, or <c>Mon,Wed</c> where they do not follow one another.</summary>
    public string DaysText => Days.Count > 2 && (int)Days[^1] - (int)Days[0] == Days.Count - 1
        ? $"{Name(Days[0])}-{Name(Days[^1])}"
        : string.Join(',', Days.Select(Name));

    /// <summary>Whether they hold an hour of a weekday.</summary>
    public bool Covers(IsoDayOfWeek day, int hour) =>
        (Days.Contains(day) && hour >= FromHour && hour < FromHour + Length)
        || (hour + 24 < FromHour + Length && Days.Contains(day == IsoDayOfWeek.Monday ? IsoDayOfWeek.Sunday : day - 1));

    public static string Name(IsoDayOfWeek day) => day.ToString()[..3];

    static string Clock(int hour) => string.Create(CultureInfo.InvariantCulture, $"{hour:00}:00");
}
