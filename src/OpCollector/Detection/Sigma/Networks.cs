using System.Net;

namespace OpCollector.Detection.Sigma;

/// <summary>Reads networks such as <c>198.51.100.0/24</c>, of IP version 4 and 6.</summary>
internal static class Networks
{
    const int MappedBits = 96;
    const int BytesOfVersion4 = 4;
    const int BytesOfSite = 6;

    /// <summary>The network that a text means; null where it means none.</summary>
    public static IPNetwork? Find(string text)
    {
        text = text.Trim();
        // .NET also reads "10/8".
        return !(text.Contains(':', StringComparison.Ordinal) || text.Count(c => c == '.') == 3) ? null
            : IPNetwork.TryParse(text, out var network) ? Unmapped(network)
            : null;
    }

    /// <summary>
    /// The network of an address, about as large as that of a company or a household; null where it is not an address.
    /// </summary>
    public static string? Around(string address)
    {
        if (!IPAddress.TryParse(address, out var parsed))
        {
            return null;
        }

        var bytes = (parsed.IsIPv4MappedToIPv6 ? parsed.MapToIPv4() : parsed).GetAddressBytes();
        var kept = bytes.Length == BytesOfVersion4 ? BytesOfVersion4 - 1 : BytesOfSite;
        bytes.AsSpan(kept).Clear();
        return $"{new IPAddress(bytes)}/{8 * kept}";
    }

    // Addresses are compared as version 4 where they are of it, however they are written.
    static IPNetwork Unmapped(IPNetwork network) => network.BaseAddress.IsIPv4MappedToIPv6 && network.PrefixLength >= MappedBits
        ? new IPNetwork(network.BaseAddress.MapToIPv4(), network.PrefixLength - MappedBits)
        : network;
}
