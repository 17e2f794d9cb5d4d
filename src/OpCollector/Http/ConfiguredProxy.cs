using System.Net;
using OpCollector.Configuration;

namespace OpCollector.Http;

/// <summary>The proxy of the configuration (<c>sink.proxy</c>); with a password in it, it is a secret as a whole.</summary>
internal abstract class ConfiguredProxy : ProxyAddress
{
    /// <param name="proxy">Null where the environment decides.</param>
    public static ProxyAddress Read(ConfigurationMember? proxy, EnvironmentVariables environment)
    {
        if (proxy is null)
        {
            return new EnvironmentProxy(environment);
        }

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

        ProxyText.RememberCredentials(text);
        return new WebProxy(new UriBuilder(url) { UserName = "", Password = "" }.Uri)
        {
            Credentials = ProxyText.Credentials(url.UserInfo),
        };
    }

    sealed class PlainProxy(WebProxy proxy) : ConfiguredProxy
    {
        public override WebProxy For(Uri server) => proxy;
    }

    sealed class SecretProxy(ConfigurationMember place, Secret secret) : ConfiguredProxy
    {
        public override WebProxy For(Uri server) => Parse(secret.Reveal(), place);
    }
}
