namespace OpCollector.Configuration;

/// <summary>The address of a server that a run reports to: plain, or as a whole a secret, since with many its path is one.</summary>
internal abstract class ServerAddress
{
    /// <summary>The address itself; where it is a secret, that is read now.</summary>
    /// <exception cref="Failure">The secret is not there, or is not an address (78).</exception>
    public abstract Uri Reveal();

    /// <param name="http">What allows plain <c>http://</c> to other hosts; null where nothing does.</param>
    public static ServerAddress Read(ConfigurationMember url, EnvironmentVariables environment, PlainHttp? http = null) => url.IsText
        ? new PlainAddress(Parse(url.AsText(), url, http))
        : new SecretAddress(url, Secret.Locate(url, environment), http);

    /// <summary>An address that a file with a secret holds.</summary>
    public static Uri Within(ConfigurationMember place, string address) => Parse(address, place, http: null);

    // The complaints never repeat the URL: its path or query may be the secret.
    static Uri Parse(string text, ConfigurationMember place, PlainHttp? http)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || (url.Scheme != Uri.UriSchemeHttps && url.Scheme != Uri.UriSchemeHttp))
        {
            throw place.Wrong("is not an absolute https:// URL");
        }

        if (url.UserInfo.Length > 0)
        {
            throw place.Wrong($"holds a user name or password{(http is null ? "" : "; put them under sink.auth as {\"basic\": …}")}");
        }

        return url.Scheme == Uri.UriSchemeHttps || url.IsLoopback || http is { IsAllowed: true }
            ? Guarded(url)
            : throw place.Wrong(
                $"is plain http://, which anyone on the way can read; use https://{(http is null ? "" : $", or set {http.Setting}")}");
    }

    /// <summary>A receiver that says "cannot POST /the/path" must not make us tell it: with many, the path is the secret.</summary>
    static Uri Guarded(Uri url)
    {
        var values = url.Query.TrimStart('?').Split('&').Select(pair => pair[(pair.IndexOf('=', StringComparison.Ordinal) + 1)..]);
        foreach (var part in values.Append(url.PathAndQuery).Append(url.AbsolutePath))
        {
            Redaction.RememberAddress(part);
            Redaction.RememberAddress(Uri.UnescapeDataString(part));
        }

        return url;
    }

    sealed class SecretAddress(ConfigurationMember place, Secret secret, PlainHttp? http) : ServerAddress
    {
        public override Uri Reveal() => Parse(secret.Reveal(), place, http);
    }
}

/// <summary>An address that the configuration says itself.</summary>
internal sealed class PlainAddress(Uri url) : ServerAddress
{
    public override Uri Reveal() => url;
}

/// <summary>The setting by which somebody may allow plain <c>http://</c>, and whether it does.</summary>
internal sealed record PlainHttp(string Setting, bool IsAllowed);
