using System.Net;

namespace OpCollector.Configuration;

/// <summary>Reads networks such as <c>198.51.100.0/24</c>, of IP version 4 and 6.</summary>
internal static class Networks
{
    /// <summary>The network that a text means; null where it means none.</summary>
    public static IPNetwork? Find(string text) =>
        // .NET also reads "10/8".
        (text.Contains(':', StringComparison.Ordinal) || text.Count(c => c == '.') == 3) && IPNetwork.TryParse(text, out var network) ? network : null;
}
