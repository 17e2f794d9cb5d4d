using System.Text.Json;
using OpCollector.Events.Json;

namespace OpCollector.Http.OAuth2;

/// <summary>What came of a request for a token: the token, or what the endpoint said instead.</summary>
/// <param name="Endpoint">How the token endpoint is called in messages.</param>
/// <param name="Token">Null where there is none.</param>
internal sealed record TokenResult(string Endpoint, AccessToken? Token)
{
    /// <summary>Why there is no whole answer; null where there is one.</summary>
    public HttpFailure? Failure { get; private init; }

    /// <summary>The status of the answer; 0 where there is none.</summary>
    public int Status { get; private init; }

    public bool IsWebPage { get; private init; }

    /// <summary>The code of RFC 6749 for what is wrong; null where it gives none.</summary>
    public string? Error { get; private init; }

    /// <summary>What the answer says, fit to be shown.</summary>
    public string Description { get; private init; } = "";

    /// <summary>What the answer lacks, where it is a success without a token.</summary>
    public string? Lack { get; private init; }

    /// <summary>How long the endpoint wants to be left alone.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    /// <summary>Pure: what a reply of the endpoint means.</summary>
    public static TokenResult Judge(string endpoint, Result<HttpAnswer, HttpFailure> result, DateTimeOffset now) =>
        result.Succeeded(out var answer, out var failure)
            ? Judge(endpoint, answer, now)
            : new TokenResult(endpoint, Token: null) { Failure = failure };

    static TokenResult Judge(string endpoint, HttpAnswer answer, DateTimeOffset now)
    {
        using var json = answer.IsCut ? null : SafeJson.TryParseAnswer(answer.Body);
        var root = json?.RootElement ?? default;
        var isSuccess = answer.Status is >= 200 and < 300;
        var lack = !isSuccess ? null : json is null ? "no JSON" : AccessToken.Slip(root);
        return new TokenResult(endpoint, isSuccess && lack is null ? AccessToken.Parse(root, now) : null)
        {
            Status = answer.Status,
            IsWebPage = answer.IsWebPage,
            Error = root.Text("error"u8),
            // A success may hold a token that cannot be used, and no line shows one.
            Description = isSuccess ? "" : Describe(root) ?? answer.Text,
            Lack = lack,
            RetryAfter = RetryAfterHeader.Wait(answer.RetryAfter, now),
        };
    }

    static string? Describe(JsonElement root) => (root.Text("error"u8), root.Text("error_description"u8)) switch
    {
        (null, _) => null,
        ({ } error, null) => ForeignText.Clean(error).ToString(),
        ({ } error, { } description) => ForeignText.Clean($"{error}: {description}").ToString(),
    };
}
