namespace OpCollector.Sources.EventsApi;

/// <summary>
/// The hosts of the Events API. A token is the key to every event of an account, so it goes to 1Password's own hosts alone, or to
/// this very machine.
/// </summary>
internal static class EventsApiHost
{
    static readonly string[] Domains = [".1password.com", ".1password.ca", ".1password.eu"];

    /// <summary>https://www.1password.dev/events-api/reference says which account is where.</summary>
    public static Uri Find(string region) => new(region switch
    {
        "ca" => "https://events.1password.ca/",
        "eu" => "https://events.1password.eu/",
        "enterprise" => "https://events.ent.1password.com/",
        _ => "https://events.1password.com/",
    });

    /// <summary>Why an address of the configuration is not taken, as the end of a sentence that never repeats it.</summary>
    public static string WhyNot(string text) =>
        Uri.TryCreate(text.Contains("://", StringComparison.Ordinal) ? text : $"https://{text}", UriKind.Absolute, out var url) switch
        {
            true when !IsOurs(url) =>
                "is not one of 1Password's hosts (https://events.1password.com, .ca, .eu, https://events.ent.1password.com) nor this " +
                    "machine; the token is sent nowhere else",
            true when url!.UserInfo.Length > 0 => "holds a user name or password, which the Events API does not know; write the host alone",
            true when url!.Query.Length + url.Fragment.Length > 0 =>
                $"holds a ? or #; write {url.Scheme}://{url.Authority} alone, what is asked there is put behind it",
            true when url!.AbsolutePath != "/" =>
                $"has a path; write {url.Scheme}://{url.Authority} alone, the paths of the streams are put behind it",
            true => "is not an https:// address; the token is sent over an encrypted connection only",
            false => "is not an address; write https:// and the host",
        };

    static bool IsOurs(Uri? url) =>
        url is { IsLoopback: true, IsFile: false }
            || (url is not null && Domains.Any(domain => url.IdnHost.EndsWith(domain, StringComparison.OrdinalIgnoreCase)));

    /// <summary>The address of a host that a token may be sent to; null for any other.</summary>
    /// <param name="text">An address, or the bare name of a host as the audience of a token tells it.</param>
    public static Uri? TryParse(string text)
    {
        var isBare = !text.Contains("://", StringComparison.Ordinal);
        return Uri.TryCreate(isBare ? $"https://{text}" : text, UriKind.Absolute, out var url)
            && url is { UserInfo: "", PathAndQuery: "/", Fragment: "" }
            ? url switch
            {
                { IsLoopback: true } when url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp =>
                    isBare ? new UriBuilder(url) { Scheme = Uri.UriSchemeHttp, Port = url.IsDefaultPort ? 80 : url.Port }.Uri : url,
                _ when url.Scheme == Uri.UriSchemeHttps
                    && Domains.Any(domain => url.IdnHost.EndsWith(domain, StringComparison.OrdinalIgnoreCase)) => url,
                _ => null,
            }
            : null;
    }
}
