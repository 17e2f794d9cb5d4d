using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace EventsApiEmulator;

/// <summary>The body of a request, read as strictly as the API documents it.</summary>
internal sealed partial record Question(string? Cursor, int Limit, DateTimeOffset? Start, DateTimeOffset? End)
{
    const int UsualLimit = 100;
    const int HighestLimit = 1000;

    /// <exception cref="FormatException">It is none that the API takes.</exception>
    public static Question Of(byte[] body)
    {
        using var json = Parse(body);
        var question = new Question(null, UsualLimit, null, null);
        var isReset = false;
        foreach (var member in json.RootElement.EnumerateObject())
        {
            isReset |= member.Name is "limit" or "start_time" or "end_time";
            question = member.Name switch
            {
                "cursor" => question with { Cursor = member.Value.GetString() ?? throw new FormatException("cursor is null") },
                "limit" =>
                    question with
                    {
                        Limit = member.Value.TryGetInt32(out var limit) && limit is >= 1 and <= HighestLimit
                            ? limit
                            : throw new FormatException("limit")
                    },
                "start_time" => question with { Start = Time(member.Value.GetString()) },
                "end_time" => question with { End = Time(member.Value.GetString()) },
                _ => throw new FormatException($"unknown member {member.Name}"),
            };
        }

        return isReset && question.Cursor is not null ? throw new FormatException("a cursor and a reset") : question;
    }

    static JsonDocument Parse(byte[] body)
    {
        try
        {
            return JsonDocument.Parse(body);
        }
        catch (JsonException ex)
        {
            throw new FormatException("no JSON", ex);
        }
    }

    static DateTimeOffset Time(string? text) => text is not null && Rfc3339().IsMatch(text)
        ? DateTimeOffset.Parse(text, CultureInfo.InvariantCulture)
        : throw new FormatException($"{text} is no time of RFC 3339");

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$")]
    private static partial Regex Rfc3339();
}
