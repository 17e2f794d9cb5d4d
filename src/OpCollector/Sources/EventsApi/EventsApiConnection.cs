using Serilog;

namespace OpCollector.Sources.EventsApi;

/// <summary>The way to the Events API with the token as it is now: it may be renewed while the program runs.</summary>
internal sealed class EventsApiConnection(
    EventsApiSettings settings,
    TokenReader token,
    EventsApiMemory memory,
    TimeProvider time,
    ILogger log) : IDisposable
{
    EventsApiClient? _client;
    EventsApiToken? _token;

    /// <summary>Why something was asked again last; null where nothing was.</summary>
    public string? RetryReason => _client?.RetryReason;

    /// <summary>What is to be said of the end of the token; null where it is not near.</summary>
    public string? ExpiryNotice => _token?.ExpiryNotice(time.GetUtcNow());

    /// <summary>Reads the token, and ends what was opened before.</summary>
    /// <exception cref="Failure">The token is missing, or is not one of 1Password (77, 78).</exception>
    public async Task<EventsApiClient> OpenAsync(CancellationToken ct)
    {
        _token = EventsApiToken.Parse(await token.ReadAsync(ct), settings.Token.Place);
        _client?.Dispose();
        _client = new EventsApiClient(_token.Url(settings), _token.Value, settings.Proxy, time, log);
        if (ExpiryNotice is { } notice && memory.ShouldWarnOfExpiry(time.GetUtcNow()))
        {
            log.Warning("{Notice:l}", notice);
        }

        return _client;
    }

    public void Dispose() => _client?.Dispose();
}
