namespace OpCollector.Sources.EventsApi;

/// <summary>Tries whether the API knows the token, and says what it is good for.</summary>
/// <param name="source">Whose events were read before.</param>
internal sealed class TokenCheck(EventsApiConnection connection, string source) : SourceCheck("token")
{
    Task<(EventsApiClient Client, Introspection About)>? _asked;

    public override async Task<string> TryAsync(CancellationToken ct)
    {
        var (client, about) = await AskAsync(ct);
        about.RefuseOtherThan(source);
        return $"for {client.Url.Authority}{(about.Account is null ? "" : $", account {about.Account}")}" +
            $"{(about.Features is null ? "" : $", with the rights {string.Join(", ", about.Features)}")}" +
            $"{(connection.ExpiryNotice is { } notice ? $". {notice}" : "")}";
    }

    /// <summary>What the API says of the token; it is asked once.</summary>
    public Task<(EventsApiClient Client, Introspection About)> AskAsync(CancellationToken ct) => _asked ??= OpenAsync(ct);

    async Task<(EventsApiClient Client, Introspection About)> OpenAsync(CancellationToken ct)
    {
        var client = await connection.OpenAsync(ct);
        return (client, await client.IntrospectAsync(ct));
    }
}
