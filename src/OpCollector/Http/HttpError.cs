using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;

namespace OpCollector.Http;

/// <summary>
/// Why a request got no whole answer, in our own words: those of .NET quote the lines that a server sent. What can be said more exactly is
/// taken from them by name: the flags of a certificate, the alert of a handshake, the host that was tried.
/// </summary>
internal static partial class HttpError
{
    public static string Describe(HttpRequestError error, Exception ex) =>
        $"{Reason(error, [.. Causes(ex)])}" +
            $"{(Place().Match(ex.Message) is { Success: true } place ? $" ({ForeignText.Clean(place.Groups[1].Value)})" : "")}";

    /// <summary>An exception and those that caused it, from the outside in.</summary>
    public static IEnumerable<Exception> Causes(Exception? ex)
    {
        for (; ex is not null; ex = ex.InnerException)
        {
            yield return ex;
        }
    }

    // A receiver that misses our certificate says so only after the handshake (TLS 1.3), in an alert.
    public static HttpFailureKind KindOf(Exception ex) => Causes(ex).Any(cause =>
        cause is AuthenticationException || cause.InnerException?.Message.Contains("alert", StringComparison.Ordinal) == true)
        ? HttpFailureKind.Untrusted
        : HttpFailureKind.Connection;

    static string Reason(HttpRequestError error, Exception[] causes) =>
        causes.OfType<SocketException>().FirstOrDefault() is { } socket ? Describe(socket.SocketErrorCode)
        : causes.Select(cause => Alert().Match(cause.Message)).FirstOrDefault(match => match.Success) is { } alert
            ? $"the TLS alert {alert.Groups[1].Value.Trim()}"
        : Flags(causes) is { Count: > 0 } flags ? $"its certificate does not hold ({string.Join(", ", flags)})"
        : Describe(error);

    static List<string> Flags(Exception[] causes) =>
    [
        .. Enum.GetNames<X509ChainStatusFlags>().Concat(Enum.GetNames<SslPolicyErrors>())
            .Where(name => name is not ("NoError" or "None") && causes.Any(cause => Regex.IsMatch(cause.Message, $@"\b{name}\b"))),
    ];

    static string Describe(SocketError error) => error switch
    {
        SocketError.ConnectionRefused => "Connection refused",
        SocketError.ConnectionReset => "Connection reset",
        SocketError.ConnectionAborted => "Connection aborted",
        SocketError.TimedOut => "Connection timed out",
        SocketError.HostNotFound or SocketError.NoData => "the host has no address",
        SocketError.TryAgain => "the name server did not answer",
        SocketError.HostUnreachable or SocketError.HostDown => "No route to the host",
        SocketError.NetworkUnreachable or SocketError.NetworkDown => "Network unreachable",
        SocketError.AccessDenied => "Permission denied",
        SocketError.TooManyOpenSockets => "Too many open files",
        SocketError.Shutdown => "Broken pipe",
        _ => $"the connection failed ({error})",
    };

    static string Describe(HttpRequestError error) => error switch
    {
        HttpRequestError.NameResolutionError => "the host has no address",
        HttpRequestError.ConnectionError => "no connection could be made",
        HttpRequestError.SecureConnectionError => "the TLS handshake failed",
        HttpRequestError.ProxyTunnelError => "the proxy makes no way",
        HttpRequestError.ResponseEnded => "the answer broke off",
        HttpRequestError.InvalidResponse => "the answer is not HTTP",
        HttpRequestError.HttpProtocolError => "the answer breaks the rules of HTTP",
        HttpRequestError.ConfigurationLimitExceeded => "the answer's headers are too long",
        HttpRequestError.VersionNegotiationError or HttpRequestError.ExtendedConnectNotSupported => "no version of HTTP in common",
        HttpRequestError.UserAuthenticationError => "no way of authentication in common",
        _ => "the connection broke off",
    };

    // "Connection refused (siem.example:8088)".
    [GeneratedRegex(@"\(([A-Za-z0-9._:\[\]-]{1,120}:\d{1,5})\)$", RegexOptions.CultureInvariant)]
    private static partial Regex Place();

    // "error:0A00045C:SSL routines::tlsv13 alert certificate required"; the words are those of OpenSSL's own list.
    [GeneratedRegex(@"\balert ([a-z ]{3,40})", RegexOptions.CultureInvariant)]
    private static partial Regex Alert();
}
