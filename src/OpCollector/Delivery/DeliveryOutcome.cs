using OpCollector.Events;
using OpCollector.Http;

namespace OpCollector.Delivery;

/// <summary>One attempt and what it means. Only an exact success counts: everything else keeps the checkpoint where it is.</summary>
/// <param name="What">What happened, as the end of a sentence that begins with the sink.</param>
/// <param name="RetryAfter">How long the receiver wants us to wait.</param>
/// <param name="Status">What the receiver answered; null when it gave no whole answer.</param>
/// <param name="Answer">What it said, fit to be shown.</param>
/// <param name="Partial">What became of single events, where the answer tells.</param>
/// <param name="ByWebPage">Whether the answer is a web page, which may come from something in between.</param>
/// <param name="IsBlind">Whether it cannot be about what was sent, because the one who said it has not looked at it.</param>
internal sealed record DeliveryOutcome(
    Verdict Verdict,
    string What,
    TimeSpan? RetryAfter = null,
    int? Status = null,
    string? Answer = null,
    PartialOutcome? Partial = null,
    bool ByWebPage = false,
    bool IsBlind = false)
{
    /// <summary>Whether only a later run may try again: the events may be on their way, and would come twice.</summary>
    public bool IsForNextRun { get; init; }

    public bool MayRetry => Verdict is Verdict.Throttled or Verdict.Transient or Verdict.Nonsense;

    /// <summary>Whether the answer says that the events are the problem, so that a smaller request may succeed.</summary>
    public bool IsAboutEvents => Verdict is Verdict.TooBig or Verdict.Rejected;

    /// <summary>
    /// Whether something in the events may be the reason, though it names none: a firewall answers 403, a parser dies with 500, and a
    /// receiver that asks for patience for ever with the same events means them too.
    /// </summary>
    public bool MayBeAboutEvents => !IsBlind && Verdict is not (Verdict.Accepted or Verdict.PartlyAccepted);

    public ExitCode ExitCode => Verdict switch
    {
        Verdict.Accepted or Verdict.PartlyAccepted => ExitCode.Done,
        Verdict.TooBig or Verdict.Rejected => ExitCode.Quarantined,
        Verdict.Unauthorized => ExitCode.Refused,
        Verdict.Misconfigured => ExitCode.Configuration,
        Verdict.Nonsense => ExitCode.SinkNonsense,
        _ => ExitCode.HeldUp,
    };

    /// <summary>What became of the items, before their names.</summary>
    public string Got => IsBlind ? "it was to get" : "it was sent";

    /// <summary>How often it was tried, where it was worth it, behind what happened.</summary>
    public string After(int attempts) => MayRetry
        ? $" ({attempts} {(attempts == 1 ? "attempt" : "attempts")}); what is delivered is safe, the next run goes on"
        : "";

    /// <summary>The item that was sent alone, rejected for this reason.</summary>
    public RejectedEvent Reject(ActivityEvent alone) => new(alone, Verdict, What, Status, Answer, ByWebPage);

    /// <summary>Pure: the meaning of a request that got no whole answer.</summary>
    /// <param name="address">The setting that holds the address which was asked.</param>
    public static DeliveryOutcome FromFailure(HttpFailure failure, string address = "sink.url") => failure switch
    {
        { Kind: HttpFailureKind.Timeout, Reason: var reason } =>
            new(Verdict.Transient, $"{reason} (sink.timeout)", IsBlind: failure.IsUnsent),
        { Kind: HttpFailureKind.Untrusted, Reason: var reason } =>
            new(Verdict.Misconfigured, $"is not trusted, or does not trust us: {reason}; check {address} and sink.tls", IsBlind: true),
        { ProxyStatus: { } status } => FromProxy(status, address) with { Status = status, IsBlind = true },
        { Error: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.ProxyTunnelError } =>
            new(Verdict.Transient, $"cannot be reached: {failure.Reason}", IsBlind: true),
        { IsUnsent: true, Error: not (HttpRequestError.UserAuthenticationError or HttpRequestError.VersionNegotiationError) } =>
            new(Verdict.Transient, $"cannot be reached: {failure.Reason}", IsBlind: true),
        { Error: HttpRequestError.UserAuthenticationError } =>
            new(Verdict.Unauthorized, $"does not know us: {failure.Reason}; check sink.auth", IsBlind: true),
        { Error: HttpRequestError.VersionNegotiationError or HttpRequestError.ExtendedConnectNotSupported } =>
            new(Verdict.Misconfigured, $"speaks another HTTP: {failure.Reason}; check {address}", IsBlind: true),
        _ => new(Verdict.Transient, $"broke off before its whole answer was there: {failure.Reason}"),
    };

    static DeliveryOutcome FromProxy(int status, string address) => status switch
    {
        401 or 403 or 407 => new(Verdict.Unauthorized, $"cannot be reached: the proxy answered {status}; check sink.proxy"),
        408 or 425 or 429 or >= 500 => new(Verdict.Transient, $"cannot be reached: the proxy answered {status}"),
        _ => new(Verdict.Misconfigured, $"cannot be reached: the proxy answered {status}; check sink.proxy and {address}"),
    };
}

/// <summary>An answer that speaks of single events: what it rejects, and what is still to be sent; the others are in.</summary>
internal sealed record PartialOutcome(IReadOnlyList<RejectedEvent> Rejected, IReadOnlyList<ActivityEvent> Left);
