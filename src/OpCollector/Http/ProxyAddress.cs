using System.Net;
using OpCollector.Configuration;

namespace OpCollector.Http;

/// <summary>The proxy that requests go through (<c>sink.proxy</c>); with a password in it, it is a secret as a whole.</summary>
internal static class ProxyAddress
{
    public static Func<IWebProxy> Read(ConfigurationMember proxy, EnvironmentVariables environment)
    {
        if (proxy.IsText)
        {
            var plain = Parse(proxy.AsText(), proxy);
            return plain.Credentials is null
                ? () => plain
                : throw proxy.Wrong(
                    "holds a user name or password; make the whole address a secret: {\"env\": \"NAME\"}, {\"file\": \"path\"} or " +
                        "{\"credential\": \"name\"}");
        }

        var secret = Secret.Locate(proxy, environment);
        return () => Parse(secret.Reveal(), proxy);
    }

    /// <summary>Of an address that is handed on, such as one in the environment: no message shows who we are to the proxy.</summary>
    public static void RememberCredentials(string address)
    {
        if (Uri.TryCreate(address, UriKind.Absolute, out var url))
        {
            Remembered(url);
        }
    }

    static WebProxy Parse(string text, ConfigurationMember place)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url)
            || url.Scheme is not ("http" or "https" or "socks4" or "socks4a" or "socks5"))
        {
            throw place.Wrong("is not the address of a proxy, such as http://proxy.example:3128");
        }

        if (url.UserInfo.Length == 0)
        {
            return new WebProxy(url);
        }

        var (user, password) = Remembered(url);
        return new WebProxy(new UriBuilder(url) { UserName = "", Password = "" }.Uri)
        {
            Credentials = new NetworkCredential(user, password),
        };
    }

    static (string User, string Password) Remembered(Uri url)
    {
        var (user, password) = url.UserInfo.Split(':', 2) is [var name, var word] ? (name, word) : (url.UserInfo, "");
        Redaction.Remember(Uri.UnescapeDataString(password));
        Redaction.RememberAddress(Uri.UnescapeDataString(user));
        return (Uri.UnescapeDataString(user), Uri.UnescapeDataString(password));
    }
}
