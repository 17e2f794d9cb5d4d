using System.Globalization;

namespace OpCollector.Delivery;

/// <summary>One attempt and what it means. Only an exact success counts: everything else keeps the checkpoint where it is.</summary>
/// <param name="What">What happened, as the end of a sentence that begins with the sink.</param>
/// <param name="RetryAfter">How long the receiver wants us to wait.</param>
/// <param name="Status">What the receiver answered; null when it gave no whole answer.</param>
internal sealed record Outcome(Verdict Verdict, string What, TimeSpan? RetryAfter = null, int? Status = null)
{
    static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    public bool MayRetry => Verdict is Verdict.Throttled or Verdict.Transient;

    public ExitCode ExitCode => Verdict switch
    {
        Verdict.Accepted => ExitCode.Done,
        Verdict.Refused => ExitCode.Refused,
        Verdict.Misconfigured => ExitCode.Configuration,
        _ => ExitCode.HeldUp,
    };

    /// <summary>Pure: the meaning of an answer that was read to its end.</summary>
    /// <param name="retryAfter">The header as it was sent: seconds or a date; what is neither is not there.</param>
    public static Outcome Of(int status, string? contentType, string? retryAfter, string answer, DateTimeOffset now) =>
        Classify(status, IsWebPage(contentType), retryAfter, answer, now) with { Status = status };

    static Outcome Classify(int status, bool isWebPage, string? retryAfter, string answer, DateTimeOffset now)
    {
        var what = $"answered {status}{(answer.Length > 0 ? $" ({answer})" : "")}";
        return status switch
        {
            200 or 201 or 202 or 204 when isWebPage =>
                new(Verdict.Misconfigured, $"answered {status} with a web page: that is no receiver but a login or error page; check sink.url"),
            200 or 201 or 202 or 204 => new(Verdict.Accepted, what),
            401 or 403 or 407 => new(Verdict.Refused, $"{what}; check sink.auth"),
            429 or 503 when Wait(retryAfter, now) is { } wait => new(Verdict.Throttled, $"{what} and wants to be left alone for {wait.TotalSeconds:0} s", wait),
            429 or 503 => new(Verdict.Throttled, what),
            408 or 425 or (>= 500 and < 600) => new(Verdict.Transient, what),
            >= 300 and < 400 => new(Verdict.Misconfigured, $"answered {status}: redirects are never followed, because a redirected POST loses its body; set sink.url to the final address"),
            _ => new(Verdict.Misconfigured, $"{what}; check sink.url and sink.format"),
        };
    }

    // As it was sent, because a parser gives up on "text/html;" and the page would pass for a receipt.
    static bool IsWebPage(string? contentType) =>
        contentType?.Split(';', ' ', ',')[0].Equals("text/html", StringComparison.OrdinalIgnoreCase) == true;

    static TimeSpan? Wait(string? retryAfter, DateTimeOffset now)
    {
        if (retryAfter?.Length > 0 && retryAfter.All(char.IsAsciiDigit))
        {
            return double.Parse(retryAfter, CultureInfo.InvariantCulture) is var seconds && seconds < LongestWait.TotalSeconds
                ? TimeSpan.FromSeconds(seconds)
                : LongestWait;
        }

        return DateTimeOffset.TryParseExact(retryAfter, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var until) && until > now
            ? until - now
            : null;
    }
}
