using System.CommandLine.Parsing;
using System.Globalization;
using OpCollector.Configuration;

namespace OpCollector.Cli.Input;

/// <summary>Moments on the command line: times, and durations, which mean so long ago.</summary>
internal static class TimeParsing
{
    static readonly string[] Forms =
    [
        "yyyy-MM-dd", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
        "yyyy-MM-dd HH:mmK", "yyyy-MM-dd HH:mm:ssK",
    ];

    /// <summary>The text, where it means a moment.</summary>
    public static string? Parse(ArgumentResult argument)
    {
        var text = argument.Tokens[0].Value;
        if (Parse(text, default) is null)
        {
            argument.AddError($"\"{text}\" {What(text)}: use 2026-11-01, 2026-11-01T12:00:00Z, or 7d for seven days ago.");
        }

        return text;
    }

    // A day that the month does not have.
    static string What(string text) =>
        text is [_, _, _, _, '-', _, _, '-', _, _, ..] && text[..10].All(c => char.IsAsciiDigit(c) || c == '-')
            ? "is not a day or time that exists"
            : "is not a date or time";

    /// <summary>The moment up to which a text means; a day means all of it.</summary>
    public static AskedTime? EndOf(string? text, DateTimeOffset now) =>
        DateTime.TryParseExact(text, Forms[0], CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? AskedTime.At(new DateTimeOffset(day, TimeSpan.Zero).AddTicks(TimeSpan.TicksPerDay - 1))
            : Parse(text, now);

    /// <summary>The moment that a text means; null where there is none.</summary>
    public static AskedTime? Parse(string? text, DateTimeOffset now) =>
        text is null ? null
        : DurationText.TryParse(text) is { } ago ? AskedTime.Ago(ago, now)
        : DateTimeOffset.TryParseExact(
            text,
            Forms,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var time)
            ? AskedTime.At(time)
        : null;
}

/// <summary>A moment that was asked for: itself, or so long ago.</summary>
/// <param name="Key">Equal for equal questions, so that an interrupted backfill is found again.</param>
internal sealed record AskedTime(DateTimeOffset Time, string Key)
{
    public static AskedTime At(DateTimeOffset time) => new(time, time.ToString("O", CultureInfo.InvariantCulture));

    public static AskedTime Ago(TimeSpan ago, DateTimeOffset now) => new(now.Minus(ago), $"{ago} ago");
}
