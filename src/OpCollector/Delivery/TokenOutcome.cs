using OpCollector.Http.OAuth2;

namespace OpCollector.Delivery;

/// <summary>What it means for a delivery that there is no token for it: pure. The events have nothing to do with it.</summary>
internal static class TokenOutcome
{
    const string Settings = "sink.auth.oauth2";

    public static DeliveryOutcome Judge(TokenResult result)
    {
        var outcome = result.Failure switch
        {
            null => FromAnswer(result),
            { } failure => DeliveryOutcome.FromFailure(failure, Settings),
        };
        return outcome with { What = $"needs a token, and the token endpoint {result.Endpoint} {outcome.What}", IsBlind = true };
    }

    static DeliveryOutcome FromAnswer(TokenResult result)
    {
        var what = $"answered {result.Status}{(result.Description.Length > 0 ? $" ({result.Description})" : "")}";
        return result switch
        {
            { Status: 429 or 503 } => new(Verdict.Throttled, what, result.RetryAfter),
            { Status: 408 or 425 or >= 500 } or { Error: "temporarily_unavailable" or "server_error" or "slow_down" } =>
                new(Verdict.Transient, what),
            { IsWebPage: true } => new(
                Verdict.Misconfigured,
                $"answered {result.Status} with a web page: that is not a token endpoint but a login or error page; check {Settings}"),
            { Status: 401 or 403 or 407 } or { Error: "invalid_client" or "unauthorized_client" or "invalid_grant" or "access_denied" } =>
                new(Verdict.Unauthorized, $"{what}; check who asks for the token, and the secret, in {Settings}"),
            { Status: >= 300 and < 400 } =>
                new(Verdict.Misconfigured, $"answered {result.Status}: a secret is sent to no other address; set {Settings} to the final one"),
            { Lack: { } lack } => new(Verdict.Nonsense, $"answered {result.Status} with {lack}; check {Settings}"),
            _ => new(Verdict.Misconfigured, $"{what}; check {Settings}"),
        };
    }
}
