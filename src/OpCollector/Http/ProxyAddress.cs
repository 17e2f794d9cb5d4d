using System.Net;
using OpCollector.Configuration;

namespace OpCollector.Http;

/// <summary>The proxy that requests go through (<c>sink.proxy</c>); with a password in it, it is a secret as a whole.</summary>
internal abstract class ProxyAddress
{
    /// <summary>The proxy itself; where its address is a secret, that is read now.</summary>
    /// <exception cref="Failure">The secret is not there, or is no address (78).</exception>
    public abstract WebProxy Reveal();

    public static ProxyAddress Read(ConfigurationMember proxy, EnvironmentVariables environment)
    {
        if (proxy.IsText)
        {
            var plain = Parse(proxy.AsText(), proxy);
            return plain.Credentials is null
                ? new PlainProxy(plain)
                : throw proxy.Wrong(
                    "holds a user name or password; make the whole address a secret: {\"env\": \"NAME\"}, {\"file\": \"path\"} or " +
                        "{\"credential\": \"name\"}");
        }

        return new SecretProxy(proxy, Secret.Locate(proxy, environment));
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

    sealed class PlainProxy(WebProxy proxy) : ProxyAddress
    {
        public override WebProxy Reveal() => proxy;
    }

    sealed class SecretProxy(ConfigurationMember place, Secret secret) : ProxyAddress
    {
        public override WebProxy Reveal() => Parse(secret.Reveal(), place);
    }
}
