using OpCollector.Configuration;

namespace OpCollector.Sources.EventsApi;

/// <summary>Reads the token of the Events API, when there is something to ask.</summary>
internal abstract class TokenReader
{
    /// <summary>The token as it is now; never log, print or keep it.</summary>
    /// <exception cref="Failure">It is not there (78), or is not given out (77).</exception>
    public abstract Task<string> ReadAsync(CancellationToken ct);
}

/// <summary>Reads a token that is a secret like all others.</summary>
internal sealed class SecretTokenReader(Secret secret) : TokenReader
{
    public override Task<string> ReadAsync(CancellationToken ct) => Task.FromResult(secret.Reveal());
}
