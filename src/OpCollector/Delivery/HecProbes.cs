using OpCollector.Http;

namespace OpCollector.Delivery;

/// <summary>
/// What can be known of an HTTP Event Collector without an event: whether it is well, and whether it knows the token, which it says
/// of a request with nothing in it too (https://help.splunk.com, "Troubleshoot HTTP Event Collector").
/// </summary>
internal static class HecProbes
{
    const int NoData = 5;

    public static readonly Probe Health = new(events => HecAcknowledgement.UrlBeside(events, "health"), OfHealth);

    public static readonly Probe Token = new(events => events, OfToken, _ => "");

    static Outcome OfHealth(Answer answer) => answer.Status switch
    {
        200 => new Outcome(Verdict.Accepted, "healthy"),
        503 or 500 => new Outcome(Verdict.Transient, $"is not healthy: it answered {answer.Status} ({answer.Text})"),
        // The many that speak as Splunk does have no such place, or want to know first who asks.
        _ => new Outcome(Verdict.Accepted, $"reachable (answered {answer.Status} when asked for its health)"),
    };

    static Outcome OfToken(Answer answer) => HecAnswer.Read(answer.Body) switch
    {
        { Code: NoData } => new Outcome(Verdict.Accepted, "knows the token"),
        { IsRefusal: true } => new Outcome(Verdict.Refused, $"answered {answer.Status} ({answer.Text}); check sink.auth"),
        { IsMisconfiguration: true } => new Outcome(Verdict.Misconfigured, $"answered {answer.Status} ({answer.Text}); check sink.splunk-hec and the token's settings"),
        _ when answer.Status is 401 or 403 or 407 => new Outcome(Verdict.Refused, $"answered {answer.Status} ({answer.Text}); check sink.auth"),
        _ when answer.Status is 404 or (>= 300 and < 400) => new Outcome(Verdict.Misconfigured, $"answered {answer.Status} ({answer.Text}); check sink.url"),
        _ => new Outcome(Verdict.Accepted, "whether it knows the token shows with the first event"),
    };
}
