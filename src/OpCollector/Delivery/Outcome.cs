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
/// <param name="IsBlind">Whether it cannot be about what was sent, because whoever said it has not looked at it.</param>
internal sealed record Outcome(
    Verdict Verdict,
    string What,
    TimeSpan? RetryAfter = null,
    int? Status = null,
    string? Answer = null,
    PartialOutcome? Partial = null,
    bool ByWebPage = false,
    bool IsBlind = false)
{
    public bool MayRetry => Verdict is Verdict.Throttled or Verdict.Transient or Verdict.Nonsense;

    /// <summary>Whether sending less of it at a time may help.</summary>
    public bool IsAboutEvents => Verdict is Verdict.TooBig or Verdict.Rejected;

    /// <summary>
    /// Whether something in the events may be the reason, though it names none: a firewall answers 403, a parser dies with 500, and a receiver
    /// that asks for patience for ever with the same events means them too.
    /// </summary>
    public bool MayBeAboutEvents => !IsBlind && Verdict is not (Verdict.Accepted or Verdict.PartlyAccepted);

    public ExitCode ExitCode => Verdict switch
    {
        Verdict.Accepted or Verdict.PartlyAccepted => ExitCode.Done,
        Verdict.TooBig or Verdict.Rejected => ExitCode.Quarantined,
        Verdict.Refused => ExitCode.Refused,
        Verdict.Misconfigured => ExitCode.Configuration,
        Verdict.Nonsense => ExitCode.SinkNonsense,
        _ => ExitCode.HeldUp,
    };

    /// <summary>How often it was tried, where it was worth it, behind what happened.</summary>
    public string After(int attempts) => MayRetry ? $" ({attempts} {(attempts == 1 ? "attempt" : "attempts")}); what is delivered is safe, the next run goes on" : "";

    /// <summary>Pure: the meaning of an answer to the request that carried <paramref name="events"/> in this format.</summary>
    /// <param name="ids">The ids under which the events were created, where the format has a place for them.</param>
    public static Outcome Of(Answer answer, Format format, IReadOnlyList<ActivityEvent> events, IReadOnlyList<string> ids, DateTimeOffset now)
    {
        var plain = OfStatus(answer, format, now) with { Status = answer.Status, Answer = answer.Text, ByWebPage = answer.IsWebPage };
        return format.Answer switch
        {
            AnswerRule.BulkItems when plain.Verdict != Verdict.Accepted && BulkBlock.Named(BulkAnswer.ErrorOf(answer.Body)) is { } block => plain.Because(block),
            AnswerRule.HecCode => OfHec(answer, plain, events, format.IsAcknowledged),
            AnswerRule.BulkItems when plain.Verdict == Verdict.Accepted => OfBulk(answer, plain, events, ids),
            _ => plain,
        };
    }

    /// <summary>Pure: the meaning of a request that got no whole answer.</summary>
    /// <param name="reason">The words of the system or the library, fit to be shown.</param>
    /// <param name="isUntrusted">Whether it was the certificate, ours or the receiver's, and not the way there.</param>
    /// <param name="proxyStatus">What a proxy answered instead of making a way.</param>
    public static Outcome OfFailure(HttpRequestError error, string reason, bool isUntrusted = false, int? proxyStatus = null) => error switch
    {
        _ when isUntrusted => new(Verdict.Misconfigured, $"is not trusted, or does not trust us: {reason}; check sink.url and sink.tls", IsBlind: true),
        _ when proxyStatus is { } status => OfProxy(status) with { Status = status, IsBlind = true },
        HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.ProxyTunnelError => new(Verdict.Transient, $"cannot be reached: {reason}", IsBlind: true),
        HttpRequestError.UserAuthenticationError => new(Verdict.Refused, $"does not know us: {reason}; check sink.auth", IsBlind: true),
        HttpRequestError.VersionNegotiationError or HttpRequestError.ExtendedConnectNotSupported => new(Verdict.Misconfigured, $"speaks another HTTP: {reason}; check sink.url", IsBlind: true),
        _ => new(Verdict.Transient, $"broke off before its whole answer was there: {reason}"),
    };

    // Whoever says so has not looked at the events.
    Outcome Because(string block, string of = "") => this with { What = $"answered {Status}{of}, {block}{(Answer is { Length: > 0 } text ? $" ({text})" : "")}", IsBlind = true };

    static Outcome OfStatus(Answer answer, Format format, DateTimeOffset now)
    {
        var status = answer.Status;
        var what = $"answered {status}{(answer.Text is { Length: > 0 } text ? $" ({text})" : "")}";
        return status switch
        {
            _ when format.Success.Contains(status) => answer.IsWebPage
                ? new(Verdict.Misconfigured, $"answered {status} with a web page: that is no receiver but a login or error page; check sink.url")
                : new(Verdict.Accepted, what),
            400 or 422 => new(Verdict.Rejected, what),
            413 => new(Verdict.TooBig, what),
            415 => new(Verdict.Misconfigured, $"{what}; check sink.format, and set sink.gzip to false where it is on"),
            401 or 403 or 407 => new(Verdict.Refused, $"{what}{(answer.IsWebPage ? ", in a web page: perhaps a firewall or a proxy in between; check the way there, and sink.auth" : "; check sink.auth")}"),
            429 or 503 when RetryAfterHeader.Wait(answer.RetryAfter, now) is { } wait => new(Verdict.Throttled, $"{what} and wants to be left alone for {wait.TotalSeconds:0} s", wait),
            429 or 503 => new(Verdict.Throttled, what),
            408 or 425 or (>= 500 and < 600) => new(Verdict.Transient, what),
            >= 300 and < 400 => new(Verdict.Misconfigured, $"answered {status}: redirects are never followed, because a redirected POST loses its body; set sink.url to the final address"),
            >= 200 and < 300 => new(Verdict.Misconfigured, $"{what}, which does not say that it has the events; check sink.url, or name the status in sink.success"),
            _ => new(Verdict.Misconfigured, $"{what}; check sink.url and sink.format"),
        };
    }

    static Outcome OfProxy(int status) => status switch
    {
        401 or 403 or 407 => new(Verdict.Refused, $"cannot be reached: the proxy answered {status}; check sink.proxy"),
        408 or 425 or 429 or >= 500 => new(Verdict.Transient, $"cannot be reached: the proxy answered {status}"),
        _ => new(Verdict.Misconfigured, $"cannot be reached: the proxy answered {status}; check sink.proxy and sink.url"),
    };

    static Outcome OfHec(Answer answer, Outcome plain, IReadOnlyList<ActivityEvent> events, bool isAcknowledged)
    {
        var hec = HecAnswer.Read(answer.Body);
        var taken = hec?.FirstInvalid is { } number && number >= 0 && number < events.Count ? number : (int?)null;
        return plain.Verdict switch
        {
            Verdict.Accepted => hec?.Code == 0 ? plain : plain with { Verdict = Verdict.Nonsense, What = $"{plain.What}, which is not code 0 of a HEC" },
            Verdict.Rejected when hec?.IsRefusal == true => plain with { Verdict = Verdict.Refused, What = $"{plain.What}; check sink.auth" },
            Verdict.Rejected when hec?.IsMisconfiguration == true => plain with { Verdict = Verdict.Misconfigured, What = $"{plain.What}; check sink.splunk-hec and the token's settings" },
            // Splunk documents nothing of what came after the one it names, and acknowledges nothing in an error: it is sent again.
            Verdict.Rejected when taken is { } first => plain with
            {
                Verdict = Verdict.PartlyAccepted,
                Partial = new PartialOutcome([new RefusedEvent(events[first], Verdict.Rejected, plain.What, plain.Status, plain.Answer)], [.. events.Where((_, at) => isAcknowledged ? at != first : at > first)]),
            },
            Verdict.Throttled or Verdict.Transient when taken is { } first && !isAcknowledged => plain with { Partial = new PartialOutcome([], [.. events.Skip(first)]) },
            _ => plain,
        };
    }

    static Outcome OfBulk(Answer answer, Outcome plain, IReadOnlyList<ActivityEvent> events, IReadOnlyList<string> ids)
    {
        if (BulkAnswer.Read(answer.Body, ids) is not { } items)
        {
            return plain with { Verdict = Verdict.Nonsense, What = $"answered {answer.Status}, but not with one item and _id for each event ({plain.Answer})" };
        }

        Outcome[] outcomes = [.. items.Select(OfItem)];
        // One item is refused and another is taken: so it is about the one, whatever the status.
        var isTaken = outcomes.Any(item => item.Verdict == Verdict.Accepted);
        if (outcomes.FirstOrDefault(item => item is { IsAboutEvents: false, MayRetry: false, Verdict: not Verdict.Accepted } && (item.IsBlind || !isTaken)) is { } refusal)
        {
            return refusal;
        }

        var refused = outcomes.Zip(events).Where(pair => pair.First is { MayRetry: false, Verdict: not Verdict.Accepted })
            .Select(pair => RefusedEvent.Of(pair.Second, pair.First)).ToList();
        var left = outcomes.Zip(events).Where(pair => pair.First.MayRetry).Select(pair => pair.Second).ToList();
        var held = outcomes.FirstOrDefault(item => item.MayRetry);
        return refused.Count == 0 && left.Count == 0
            ? plain
            : (held ?? plain with { Verdict = Verdict.PartlyAccepted }) with { Partial = new PartialOutcome(refused, left) };
    }

    static Outcome OfItem(BulkItem item)
    {
        var status = item.Status;
        var answer = new Answer(status, null, null, System.Text.Encoding.UTF8.GetBytes(item.Error ?? ""));
        var what = $"answered {status} for an event{(answer.Text.Length > 0 ? $" ({answer.Text})" : "")}";
        Outcome outcome = status switch
        {
            _ when item.IsInFailureStore => new(Verdict.Rejected, $"{what}, and it lies in the failure store: it does not fit the mapping of the index"),
            // A conflict on create: it has the event already.
            200 or 201 or 409 => new(Verdict.Accepted, what),
            400 or 422 => new(Verdict.Rejected, what),
            413 => new(Verdict.TooBig, what),
            401 or 403 => new(Verdict.Refused, $"{what}; check sink.auth and its privileges"),
            429 => new(Verdict.Throttled, what),
            408 or >= 500 and < 600 => new(Verdict.Transient, what),
            _ => new(Verdict.Misconfigured, $"{what}; check the index in sink.url"),
        };
        outcome = outcome with { Status = status, Answer = answer.Text };
        return BulkBlock.Named(item.Error) is { } block ? outcome.Because(block, " for an event") : outcome;
    }
}
