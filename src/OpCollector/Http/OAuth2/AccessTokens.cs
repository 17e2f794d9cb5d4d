namespace OpCollector.Http.OAuth2;

/// <summary>
/// The access token of a run, in memory alone: asked for when it is needed, renewed before its end, and once after the receiver has
/// refused it.
/// </summary>
internal sealed class AccessTokens : IDisposable
{
    readonly Grant _grant;
    readonly HttpConnection _http;
    readonly TimeProvider _time;
    TokenResult? _taken;

    // Whether the token is there because the one before it was refused, and nothing has shown yet that it serves.
    bool _isInDoubt;

    /// <param name="http">The way to the token endpoint, without the headers that the receiver gets.</param>
    public AccessTokens(Grant grant, HttpConnection http, TimeProvider time) => (_grant, _http, _time) = (grant, http, time);

    /// <summary>The token of the moment.</summary>
    /// <exception cref="Failure">A secret is no longer there (78).</exception>
    public async Task<TokenResult> GetAsync(CancellationToken ct)
    {
        var now = _time.GetUtcNow();
        if (_taken?.Token is { } token && !(token.RenewAt <= now))
        {
            return _taken;
        }

        var request = _grant.Request(now);
        using var form = new FormUrlEncodedContent(request.Form.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        (string Name, string Value)[] headers = [("Accept", "application/json"), .. request.Headers];
        var result = await _http.SendAsync(HttpMethod.Post, request.Endpoint, form, headers, ct);
        _taken = TokenResult.Judge(request.Endpoint.GetLeftPart(UriPartial.Authority), result, _time.GetUtcNow());
        return _taken;
    }

    /// <summary>Takes note of what the receiver answered to a request with the token.</summary>
    /// <returns>Whether another token is worth the same request once more.</returns>
    public bool RenewsAfter(int? status)
    {
        var isRefused = status == 401;
        var renews = isRefused && !_isInDoubt;
        _taken = renews ? null : _taken;
        _isInDoubt = isRefused || (status is null && _isInDoubt);
        return renews;
    }

    public void Dispose() => _http.Dispose();
}
