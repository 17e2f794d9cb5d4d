namespace OpCollector.Configuration;

/// <summary>The address of a server that a run reports to: plain, or as a whole a secret, since with many its path is one.</summary>
internal static class ServerAddress
{
    /// <param name="unless">The setting that allows plain <c>http://</c> to other hosts; null where none does.</param>
    public static Func<Uri> Read(ConfigurationMember url, EnvironmentVariables environment, string? unless = null, bool allowHttp = false)
    {
        if (url.IsText)
        {
            var plain = Parse(url.AsText(), url, unless, allowHttp);
            return () => plain;
        }

        var secret = Secret.Locate(url, environment);
        return () => Parse(secret.Reveal(), url, unless, allowHttp);
    }

    /// <summary>An address that a file with a secret holds.</summary>
    public static Uri Within(ConfigurationMember place, string address) => Parse(address, place, unless: null, allowHttp: false);

    // The complaints never repeat the URL: its path or query may be the secret.
    static Uri Parse(string text, ConfigurationMember place, string? unless, bool allowHttp)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || (url.Scheme != Uri.UriSchemeHttps && url.Scheme != Uri.UriSchemeHttp))
        {
            throw place.Wrong("is not an absolute https:// URL");
        }

        if (url.UserInfo.Length > 0)
        {
            throw place.Wrong($"holds a user name or password{(unless is null ? "" : "; put them under sink.auth as {\"basic\": …}")}");
        }

        return url.Scheme == Uri.UriSchemeHttps || url.IsLoopback || allowHttp
            ? Guarded(url)
            : throw place.Wrong(
                $"is plain http://, which anyone on the way can read; use https://{(unless is null ? "" : $", or set {unless}")}");
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
}
