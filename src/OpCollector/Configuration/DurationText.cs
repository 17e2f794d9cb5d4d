using System.Globalization;

namespace OpCollector.Configuration;

/// <summary>A length of time as people write it: <c>90s</c>, <c>15m</c>, <c>24h</c>, <c>7d</c>.</summary>
internal static class DurationText
{
    public const string Form = "a duration such as \"90s\", \"15m\", \"24h\" or \"7d\"";

    const long Longest = 3650L * 24 * 60 * 60;

    /// <summary>Whether it is written as a duration and is more than ten years.</summary>
    public static bool IsTooLong(string text) =>
        TryParse(text) is null
        && text is [>= '1' and <= '9', .., 's' or 'm' or 'h' or 'd']
        && !text.AsSpan()[..^1].ContainsAnyExceptInRange('0', '9');

    /// <summary>The duration; null where the text is not a duration, or is zero, or is more than ten years.</summary>
    public static TimeSpan? TryParse(string text)
    {
        if (text.Length < 2
            || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return null;
        }

        var seconds = number * text[^1] switch
        {
            's' => 1L,
            'm' => 60,
            'h' => 60 * 60,
            'd' => 24 * 60 * 60,
            _ => 0,
        };
        return seconds is > 0 and <= Longest ? TimeSpan.FromSeconds(seconds) : null;
    }
}
