using System.Collections.Immutable;
using System.Globalization;
using NodaTime;
using NodaTime.Text;
using OpCollector.Configuration;

namespace OpCollector.Detection;

/// <summary>One span of a person's working hours (<c>detection.workingHours</c>); over midnight where it ends before it begins.</summary>
/// <param name="User">Whose: a uuid, a name or an e-mail address.</param>
/// <param name="Days">The days on which the span begins.</param>
/// <param name="To">The first moment after it; midnight means the end of the day.</param>
/// <param name="Holidays">The dates on which it does not begin.</param>
internal sealed record WorkingHoursSettings(
    string User,
    DateTimeZone Zone,
    ImmutableHashSet<IsoDayOfWeek> Days,
    LocalTime From,
    LocalTime To,
    ImmutableHashSet<LocalDate> Holidays)
{
    static readonly string[] DayNames = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

    public static WorkingHoursSettings Read(ConfigurationMember hours)
    {
        hours.AsObject();
        var zone = hours.Get("timeZone");
        var user = hours.Get("user");
        if (Mailboxes.AddressIn(user.AsText()) is { } address)
        {
            throw user.Wrong($"\"{user.AsText()}\" is in no event; write the address alone: \"{address}\"");
        }

        var (from, to) = (TimeOf(hours.Get("from")), TimeOf(hours.Get("to")));
        var settings = new WorkingHoursSettings(
            user.AsText(),
            DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone.AsText())
                ?? throw zone.Wrong($"\"{zone.AsText()}\" is not a time zone such as \"Europe/Stockholm\""),
            DaysOf(hours.Get("days")),
            from,
            to,
            [.. hours.Find("holidays")?.AsList().Select(DateOf) ?? []]);
        hours.RefuseOthers();
        return from != to || from == LocalTime.Midnight
            ? settings
            : throw hours.Get("to").Wrong("is the same as \"from\"; all day is \"00:00\" to \"24:00\"");
    }

    static LocalTime TimeOf(ConfigurationMember time) =>
        time.AsText() == "24:00" ? LocalTime.Midnight
        : TimeOnly.TryParseExact(time.AsText(), "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var parsed)
        ? new LocalTime(parsed.Hour, parsed.Minute)
        : throw time.Wrong($"\"{time.AsText()}\" is not a time such as \"09:00\"");

    static LocalDate DateOf(ConfigurationMember date) =>
        LocalDatePattern.Iso.Parse(date.AsText()) is { Success: true } parsed
            ? parsed.Value
            : throw date.Wrong($"\"{date.AsText()}\" is not a date such as \"2026-12-24\"");

    static ImmutableHashSet<IsoDayOfWeek> DaysOf(ConfigurationMember days)
    {
        var all = new HashSet<IsoDayOfWeek>();
        foreach (var part in days.AsText().Split(',', StringSplitOptions.TrimEntries))
        {
            int[] ends = [.. part.Split('-', StringSplitOptions.TrimEntries)
                .Select(name => Array.FindIndex(DayNames, day => day.Equals(name, StringComparison.OrdinalIgnoreCase)))];
            if (ends.Length > 2 || ends.Contains(-1))
            {
                throw days.Wrong($"\"{part}\" is not a day; write \"Mon-Fri\" or \"Mon,Wed,Sat\"");
            }

            for (var day = ends[0]; ; day = (day + 1) % DayNames.Length)
            {
                all.Add((IsoDayOfWeek)(day + 1));
                if (day == ends[^1])
                {
                    break;
                }
            }
        }

        return [.. all];
    }
}
