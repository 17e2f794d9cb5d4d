using System.Globalization;
using System.Text.Json;
using OpCollector.Events;

namespace OpCollector.Detection.Sigma.Matching;

/// <summary>A part of a time, such as its hour, compared with a number. Times are taken in UTC, because Sigma knows no zone.</summary>
internal sealed class TimePartTest(string part, NumberComparison comparison, decimal number) : ValueTest
{
    /// <summary>The parts that rules may ask for.</summary>
    public static readonly string[] Parts = ["minute", "hour", "day", "week", "month", "year"];

    public override bool Matches(EventView view, in FieldValue value) =>
        value.Kind is JsonTokenType.String or JsonTokenType.Number
        && EventTime.Parse(view.Text(value)) is { } time
        && comparison.Holds(PartOf(time.UtcDateTime), number);

    int PartOf(DateTime time) => part switch
    {
        "minute" => time.Minute,
        "hour" => time.Hour,
        "day" => time.Day,
        "week" => ISOWeek.GetWeekOfYear(time),
        "month" => time.Month,
        _ => time.Year,
    };
}
