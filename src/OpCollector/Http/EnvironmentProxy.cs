using System.Net;

namespace OpCollector.Http;

/// <summary>
/// The proxy that the environment names (<c>https_proxy</c>, <c>http_proxy</c>, <c>all_proxy</c>), except for the hosts of
/// <c>no_proxy</c>. .NET reads these variables too, but sends a request without a proxy where it cannot read the address of one.
/// </summary>
internal sealed class EnvironmentProxy(EnvironmentVariables environment) : ProxyAddress
{
    // A web server that starts a program puts what a client sends as "Proxy:" into HTTP_PROXY, and sets this beside it.
    const string WebServer = "GATEWAY_INTERFACE";

    readonly NoProxy _except = NoProxy.Read(environment);

    /// <summary>An environment that names none.</summary>
    public static EnvironmentProxy None { get; } = new(EnvironmentVariables.None);

    public override WebProxy For(Uri server)
    {
        var variable = Variables(server.Scheme).FirstOrDefault(name => environment[name] is { Length: > 0 });
        if (variable is null || _except.Has(server))
        {
            return new WebProxy();
        }

        ProxyText.RememberCredentials(environment[variable]!);
        return ProxyText.Parse(environment[variable]!).Succeeded(out var proxy, out var fault)
            ? proxy
            : throw new Failure(
                ExitCode.Configuration,
                $"The environment variable {variable} is not the address of a proxy, such as http://proxy.example:3128: it {fault}; "
                    + $"correct it, or name {server.Host} in NO_PROXY");
    }

    /// <summary>As <see cref="For"/>, but no proxy for a server on this machine: a proxy on another one cannot reach it.</summary>
    public WebProxy ForRemote(Uri server) => server.IsLoopback ? new WebProxy() : For(server);

    // The first that is set decides.
    string[] Variables(string scheme) =>
    [
        $"{scheme}_proxy",
        .. scheme == Uri.UriSchemeHttp && environment[WebServer] is not null ? [] : new[] { $"{scheme.ToUpperInvariant()}_PROXY" },
        "all_proxy",
        "ALL_PROXY",
    ];
}
