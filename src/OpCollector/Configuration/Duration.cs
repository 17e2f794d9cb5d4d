using System.Globalization;

namespace OpCollector.Configuration;

/// <summary>A length of time as people write it: <c>90s</c>, <c>15m</c>, <c>24h</c>, <c>7d</c>.</summary>
internal static class Duration
{
    public const string Form = "a duration such as \"90s\", \"15m\", \"24h\" or \"7d\"";

    public static TimeSpan? TryParse(string text)
    {
        if (text.Length < 2 || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return null;
        }

        TimeSpan? duration = text[^1] switch
        {
            's' => TimeSpan.FromSeconds(number),
            'm' => TimeSpan.FromMinutes(number),
            'h' => TimeSpan.FromHours(number),
            'd' => TimeSpan.FromDays(number),
            _ => null,
        };
        return duration > TimeSpan.FromDays(3650) ? null : duration;
    }
}
