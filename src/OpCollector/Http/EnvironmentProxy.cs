using System.Net;

namespace OpCollector.Http;

/// <summary>
/// The proxy that the environment names (<c>https_proxy</c>, <c>http_proxy</c>, <c>all_proxy</c>), with its exceptions as curl and most
/// others understand them: .NET knows whole names alone, and would ask a proxy that was never meant.
/// </summary>
internal sealed class EnvironmentProxy(IWebProxy named, NoProxy except) : IWebProxy
{
    public ICredentials? Credentials
    {
        get => named.Credentials;
        set => named.Credentials = value;
    }

    public Uri? GetProxy(Uri destination) => except.Has(destination) ? null : named.GetProxy(destination);

    public bool IsBypassed(Uri host) => except.Has(host) || named.IsBypassed(host);
}
