using System.Globalization;

namespace OpCollector.Timing;

/// <summary>A moment as programs exchange it: in UTC by RFC 3339, with as many digits behind the second as it needs.</summary>
internal static class Rfc3339
{
    public static string Format(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);
}
