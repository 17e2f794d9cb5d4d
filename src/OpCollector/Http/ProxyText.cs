using System.Net;
using System.Text.RegularExpressions;

namespace OpCollector.Http;

/// <summary>
/// The address of a proxy as people write it into the environment: with a scheme or without, with a user and a password that are encoded
/// or are not, with a slash behind it. What .NET itself reads there is read.
/// </summary>
internal static partial class ProxyText
{
    const string OtherScheme = "has another scheme than http, https, socks4, socks4a or socks5";
    const string NoPort = "has no port up to 65535 behind its last colon";
    const string Blank = "holds a blank";
    const string NoHost = "names no host";

    static readonly string[] Schemes = ["http", "https", "socks4", "socks4a", "socks5"];

    /// <summary>The proxy, or what is wrong with the text, in words that repeat nothing of it.</summary>
    public static Result<WebProxy, string> Parse(string text)
    {
        var written = Scheme().Match(text);
        var scheme = written.Success ? written.Groups[1].Value.ToLowerInvariant() : Uri.UriSchemeHttp;
        if (!Schemes.Contains(scheme))
        {
            return OtherScheme;
        }

        var (userInfo, place) = Split(text[written.Length..]);
        var colon = place.LastIndexOf(':');
        // In brackets it belongs to an address of version 6.
        var hasPort = colon > place.IndexOf(']', StringComparison.Ordinal);
        var host = hasPort ? place[..colon] : place;
        var port = (ushort)(scheme == Uri.UriSchemeHttps ? 443 : 80);
        if (hasPort && !ushort.TryParse(string.Concat(place[(colon + 1)..].TakeWhile(char.IsAsciiDigit)), out port))
        {
            return NoPort;
        }

        try
        {
            var address = new UriBuilder(scheme, host, port).Uri;
            return address.Host.Length == 0
                ? NoHost
                : new WebProxy(address) { Credentials = userInfo.Length > 0 ? Credentials(userInfo) : null };
        }
        catch (Exception ex) when (ex is UriFormatException or ArgumentException)
        {
            return host.Any(char.IsWhiteSpace) ? Blank : NoHost;
        }
    }

    /// <summary>Of an address that is handed on: no message shows from now on who we are to the proxy.</summary>
    public static void RememberCredentials(string text)
    {
        var who = Credentials(Split(text[Scheme().Match(text).Length..]).UserInfo);
        Redaction.Remember(who.Password);
        Redaction.RememberAddress(who.UserName);
    }

    /// <summary>Who we are to a proxy, as its address says it.</summary>
    public static NetworkCredential Credentials(string userInfo)
    {
        var (user, password) = userInfo.Split(':', 2) is [var name, var word] ? (name, word) : (userInfo, "");
        (user, password) = (Uri.UnescapeDataString(user), Uri.UnescapeDataString(password));
        return user.Split('\\', 2) is [var domain, var account]
            ? new NetworkCredential(account, password, domain)
            : new NetworkCredential(user, password);
    }

    // A password that is not encoded may hold the sign too.
    static (string UserInfo, string Place) Split(string text) => text.LastIndexOf('@') is >= 0 and var at
        ? (text[..at], text[(at + 1)..])
        : ("", text);

    [GeneratedRegex("^([a-z][a-z0-9+.-]*)://", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Scheme();
}
