using OpCollector.Delivery;
using OpCollector.Http;
using OpCollector.Http.OAuth2;

namespace OpCollector.Tests.Fuzzing;

/// <summary>What a token endpoint answers is mutated: there is a token that can be sent, or a line that a person can read.</summary>
internal static class TokenAnswers
{
    static readonly (int Status, string Body)[] Answers =
    [
        (200, """{"access_token":"eyJ0eXAiOiJKV1QifQ.e30.c2ln","token_type":"Bearer","expires_in":3599,"ext_expires_in":3599}"""),
        (200, """{"token_type":"Bearer","expires_in":"3599","resource":"x","access_token":"0123456789abcdef"}"""),
        (400, """{"error":"invalid_scope","error_description":"AADSTS1002012: The value for scope is not valid.\r\nTrace ID: 1","error_codes":[1]}"""),
        (401, """{"error":"invalid_client","error_description":"no such client: \u2603"}"""),
        (400, """{"error":{"code":400,"message":"Bad Request","status":"INVALID_ARGUMENT"}}"""),
        (503, "<html><body>Service Unavailable</body></html>"), (302, ""), (429, "slow down"),
    ];

    public static Task PlayAsync(FuzzCase each)
    {
        var (status, text) = each.Any(Answers);
        var answer = new HttpAnswer(
            status, null, each.Any<string?>([null, "3", "soon"]), each.Mutated($"the token endpoint's {status}", text));

        var result = TokenResult.Judge("https://login.example", answer, each.Time.GetUtcNow());

        if (result.Token is null)
        {
            var outcome = TokenOutcome.Judge(result);
            each.Outcomes.Add($"{outcome.Verdict}");
            each.Hear("no token", outcome.What);
        }
        else if (result.Token.Text.Any(c => c is <= ' ' or > '~'))
        {
            each.Complain("a token that no header can carry");
        }

        return Task.CompletedTask;
    }
}
