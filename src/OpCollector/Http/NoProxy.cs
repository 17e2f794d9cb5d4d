using System.Net;

namespace OpCollector.Http;

/// <summary>
/// The hosts that no proxy is asked for, as <c>no_proxy</c> lists them: <c>*</c> for all, names that stand for themselves and for
/// everything below them, addresses, networks, each with a port or without. Pure.
/// </summary>
internal sealed class NoProxy
{
    static readonly char[] Between = [',', ' ', '\t', '\r', '\n'];

    readonly IReadOnlyList<(string Host, int? Port)> _entries;

    NoProxy(IReadOnlyList<(string Host, int? Port)> entries) => _entries = entries;

    /// <summary>Without an exception.</summary>
    public static NoProxy None { get; } = new([]);

    /// <summary>As the environment has it; of the variable in small and in capital letters, the first that says something.</summary>
    public static NoProxy Read(EnvironmentVariables environment) =>
        Parse(environment["no_proxy"] is { Length: > 0 } list ? list : environment["NO_PROXY"] ?? "");

    public static NoProxy Parse(string list) => new([.. list.Split(Between, StringSplitOptions.RemoveEmptyEntries).Select(Entry)]);

    public bool Has(Uri url)
    {
        var host = url.IdnHost.Trim('[', ']').TrimEnd('.');
        var address = IPAddress.TryParse(host, out var parsed) ? parsed : null;
        return _entries.Any(each => (each.Port is null || each.Port == url.Port)
            && (address is null ? Covers(each.Host, host) : Covers(each.Host, address)));
    }

    // A colon before digits is a port, unless the whole is an address of version 6.
    static (string Host, int? Port) Entry(string text)
    {
        var colon = text.LastIndexOf(':');
        return colon > 0
            && (text[colon - 1] == ']' || text.IndexOf(':', StringComparison.Ordinal) == colon)
            && ushort.TryParse(text.AsSpan(colon + 1), out var port)
            ? (Bare(text[..colon]), port)
            : (Bare(text), null);
    }

    static string Bare(string host) =>
        host.Replace("[", "", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal).TrimEnd('.');

    static bool Covers(string entry, string host)
    {
        // curl knows a star only as all of an entry or of its first label; anywhere else it means nothing.
        if (entry == "*" || entry.StartsWith("*.", StringComparison.Ordinal))
        {
            return host.EndsWith(entry[1..], StringComparison.OrdinalIgnoreCase);
        }

        var name = entry.TrimStart('.');
        return name.Length > 0
            && host.EndsWith(name, StringComparison.OrdinalIgnoreCase)
            && (host.Length == name.Length || host[^(name.Length + 1)] == '.');
    }

    static bool Covers(string entry, IPAddress address)
    {
        if (entry == "*")
        {
            return true;
        }

        var slash = entry.IndexOf('/', StringComparison.Ordinal);
        return AddressIn(slash < 0 ? entry : entry[..slash]) is { } network && BitsOf(network) == BitsOf(address)
            && (slash < 0
                ? network.Equals(address)
                : int.TryParse(entry.AsSpan(slash + 1), out var bits)
                    && bits >= 0
                    && bits <= BitsOf(network)
                    && Agree(network, address, bits));
    }

    // .NET also reads "10".
    static IPAddress? AddressIn(string text) =>
        (text.Contains(':', StringComparison.Ordinal) || text.Count(c => c == '.') == 3) && IPAddress.TryParse(text, out var address)
            ? address
            : null;

    static int BitsOf(IPAddress address) => 8 * address.GetAddressBytes().Length;

    static bool Agree(IPAddress network, IPAddress address, int bits)
    {
        var (one, other) = (network.GetAddressBytes(), address.GetAddressBytes());
        return Enumerable.Range(0, bits).All(bit => ((one[bit / 8] ^ other[bit / 8]) & (0x80 >> (bit % 8))) == 0);
    }
}
