namespace OpCollector.Http.OAuth2;

/// <summary>What a token endpoint gives an access token for. Of its secrets it knows only the places.</summary>
internal abstract record Grant
{
    /// <summary>The request for a token. Secrets are read each time: one that was changed serves from the next renewal on.</summary>
    /// <exception cref="Failure">A secret is not there, or is not what it should be (78).</exception>
    public abstract TokenRequest Request(DateTimeOffset now);
}

/// <summary>A request for an access token: where it is sent, the fields of its form, and headers besides.</summary>
internal sealed record TokenRequest(
    Uri Endpoint, IReadOnlyList<(string Name, string Value)> Form, IReadOnlyList<(string Name, string Value)> Headers);
