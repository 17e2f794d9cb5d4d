using System.Text.Json;
using OpCollector.Events;
using OpCollector.Http;
using OpCollector.Storage;

namespace OpCollector.Sources.EventsApi;

/// <summary>What went wrong with a request to the Events API, and what is to be done about it.</summary>
/// <param name="Text">What happened, as the end of a sentence that begins with the stream.</param>
/// <param name="Wait">How long 1Password wants to be left alone.</param>
internal sealed record EventsApiFailure(EventsApiFailureKind Kind, ExitCode Code, string Text, string Advice, TimeSpan? Wait = null)
{
    // The shorter of the two published windows: after that there is room again.
    static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    // Some hundred bytes.
    const int LongestError = 64 * 1024;

    /// <summary>Pure: the meaning of an answer; null where it is one with events.</summary>
    public static EventsApiFailure? Classify(HttpAnswer answer, DateTimeOffset now)
    {
        if (answer is { Status: 200, IsCut: true })
        {
            return new(
                EventsApiFailureKind.TooLong,
                ExitCode.SourceData,
                $"the answer of 1Password is longer than {BoundedFile.InWords(EventsApiPage.MostBytes)}, which no page is",
                "nothing is skipped, the next run asks again");
        }

        // Before the body is looked at: that of a page is long.
        if (answer is { Status: 200, IsWebPage: false })
        {
            return null;
        }

        var said = ErrorIn(answer);
        if (IsFromBetween(answer, said is not null))
        {
            return new(
                EventsApiFailureKind.Stop,
                ExitCode.SourceUnavailable,
                $"something between here and 1Password answered {answer.Status} ({Shown(answer)})",
                "check the proxy and the firewall on the way, and source.eventsApi.url where it is set; the next run asks again");
        }

        said ??= Shown(answer);
        return FromStatus(answer, $"1Password answered {answer.Status}{(said.Length > 0 ? $" ({said})" : "")}", now);
    }

    static EventsApiFailure FromStatus(HttpAnswer answer, string text, DateTimeOffset now) => answer.Status switch
    {
        200 => new(
            EventsApiFailureKind.Stop,
            ExitCode.Configuration,
            "the answer is a web page, a sign-in or error page of something in between",
            "check the proxy, and source.eventsApi.url"),
        400 => new(EventsApiFailureKind.BadRequest, ExitCode.SourceUnavailable, text, "see opcollector check"),
        401 or 403 => new(
            EventsApiFailureKind.Refused,
            ExitCode.Refused,
            text,
            "the token is revoked, has expired, is for another region, or lacks the right"),
        404 => new(
            EventsApiFailureKind.Stop,
            ExitCode.Configuration,
            text,
            "that is not a host of the Events API; check source.eventsApi.region or url"),
        429 => new(
            EventsApiFailureKind.Throttled,
            ExitCode.SourceUnavailable,
            text,
            "other programs use the token too, or several collectors; the next run goes on",
            Asked(answer, now) ?? Window),
        503 when RetryAfterHeader.Wait(answer.RetryAfter, now) is { } wait =>
            new(EventsApiFailureKind.Throttled, ExitCode.SourceUnavailable, text, "1Password has trouble; the next run goes on", wait),
        408 or 425 or (>= 500 and < 600) =>
            new(EventsApiFailureKind.Retry, ExitCode.SourceUnavailable, text, "1Password has trouble; the next run goes on"),
        >= 300 and < 400 => new(
            EventsApiFailureKind.Stop,
            ExitCode.Configuration,
            text,
            "a token follows no redirect; check source.eventsApi.url, and the proxy"),
        _ => new(EventsApiFailureKind.Stop, ExitCode.Configuration, text, "check source.eventsApi.url"),
    };

    /// <summary>Pure: the meaning of a request that got no whole answer.</summary>
    public static EventsApiFailure Classify(HttpFailure failure) => failure switch
    {
        { Kind: HttpFailureKind.Untrusted } => new(
            EventsApiFailureKind.Stop,
            ExitCode.Configuration,
            $"1Password's certificate is not trusted: {failure.Reason}",
            "if a proxy inspects TLS, set SSL_CERT_FILE"),
        { ProxyStatus: 401 or 403 or 407 } =>
            new(EventsApiFailureKind.Stop, ExitCode.Refused, $"the proxy answered {failure.ProxyStatus}", "check HTTPS_PROXY"),
        { Kind: HttpFailureKind.Timeout } =>
            new(EventsApiFailureKind.TooSlow, ExitCode.SourceUnavailable, $"1Password {failure.Reason}", "the next run goes on"),
        _ => new(
            EventsApiFailureKind.Retry,
            ExitCode.SourceUnavailable,
            $"no whole answer of 1Password: {failure.Reason}",
            "check the way to 1Password from this host; the next run goes on"),
    };

    /// <summary>Whether there may be an answer to the same question for fewer events.</summary>
    public bool MayFitSmallerPage => Kind is EventsApiFailureKind.TooSlow or EventsApiFailureKind.TooLong;

    public Failure ToFailure() => new(Code, $"{Text}; {Advice}");

    /// <summary>How long the server says that all requests are used up, where it does.</summary>
    public static TimeSpan? UsedUp(HttpAnswer answer) =>
        answer.RateLimit.Remaining == "0" ? RetryAfterHeader.Wait(answer.RateLimit.Reset, DateTimeOffset.MaxValue) : null;

    static TimeSpan? Asked(HttpAnswer answer, DateTimeOffset now) =>
        RetryAfterHeader.Wait(answer.RetryAfter, now) ?? RetryAfterHeader.Wait(answer.RateLimit.Reset, DateTimeOffset.MaxValue);

    // 1Password refuses in its own form alone. A firewall's or a gateway's word ends no token and no cursor.
    static bool IsFromBetween(HttpAnswer answer, bool isOfTheApi) =>
        answer.Status is >= 400 and < 500 and not (408 or 425 or 429) && !isOfTheApi;

    static string Shown(HttpAnswer answer) =>
        answer.IsWebPage ? "a web page" : answer.Text is { Length: > 0 } text ? text : "with no body";

    // {"Error":{"Message":"…"}} or {"status":401,"message":"…"}: both are documented. Null for what is neither.
    static string? ErrorIn(HttpAnswer answer)
    {
        using var json = answer.Body.Length > LongestError ? null : SafeJson.TryParse(answer.Body);
        return json is not null && MessageIn(json.RootElement, answer.Status) is { } message ? ForeignText.Clean(message).ToString() : null;
    }

    static string? MessageIn(JsonElement body, int status) =>
        body.Member("Error"u8)?.Text("Message"u8)
        ?? (IsOfGateway(body) || !IsStatus(body, status) ? null : body.Text("message"u8));

    static bool IsStatus(JsonElement body, int status) =>
        body.Member("status"u8) is { ValueKind: JsonValueKind.Number } told && told.TryGetInt32(out var number) && number == status;

    // What many a gateway in Java says has a status and a message too, and more.
    static bool IsOfGateway(JsonElement body) =>
        body.Member("error"u8) is not null || body.Member("timestamp"u8) is not null || body.Member("path"u8) is not null;
}
