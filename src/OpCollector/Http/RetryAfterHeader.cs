using System.Globalization;
using System.Net.Http.Headers;

namespace OpCollector.Http;

/// <summary>How long a server wants to be left alone, by its header <c>Retry-After</c>.</summary>
internal static class RetryAfterHeader
{
    static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>Pure: null where the header is missing, makes no sense, or names a moment that has passed.</summary>
    public static TimeSpan? Wait(string? header, DateTimeOffset now)
    {
        if (header?.Length > 0 && header.All(char.IsAsciiDigit))
        {
            return double.Parse(header, CultureInfo.InvariantCulture) is var seconds && seconds < Longest.TotalSeconds
                ? TimeSpan.FromSeconds(seconds)
                : Longest;
        }

        // All three spellings of a date that HTTP has.
        return RetryConditionHeaderValue.TryParse(header, out var parsed) && parsed.Date is { } until && until > now
            ? until - now < Longest ? until - now : Longest
            : null;
    }
}
