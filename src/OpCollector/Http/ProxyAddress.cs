using System.Net;

namespace OpCollector.Http;

/// <summary>The proxy that requests go through.</summary>
internal abstract class ProxyAddress
{
    /// <summary>The proxy on the way to a server, without an address where there is none; a secret is read now.</summary>
    /// <exception cref="Failure">The secret is not there, or it is not the address of a proxy (78).</exception>
    public abstract WebProxy For(Uri server);
}
