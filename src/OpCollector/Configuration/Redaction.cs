using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace OpCollector.Configuration;

/// <summary>The last guard before anything is printed: secrets that were read are cut out of every line, whoever put them there.</summary>
internal static partial class Redaction
{
    // Shorter than this, cutting a secret out would garble ordinary words and tell more than it hides.
    const int Shortest = 4;
    const int LongestForeign = 300;

    static readonly ConcurrentDictionary<string, byte> Secrets = new();

    public static void Remember(string secret)
    {
        if (secret.Length >= Shortest)
        {
            Secrets.TryAdd(secret, 0);
            // As it would stand in a line of --log-format json.
            Secrets.TryAdd(secret.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal), 0);
        }
    }

    public static string Of(string text) =>
        Secrets.Keys.OrderByDescending(secret => secret.Length).Aggregate(text, (cut, secret) => cut.Replace(secret, "***", StringComparison.Ordinal));

    /// <summary>
    /// What op or a receiver said, fit for one line of a log: of a URL only the host stays, because the rest may hold an e-mail
    /// address, a key or a token.
    /// </summary>
    public static string OfForeign(string text)
    {
        // Before anything is rewritten or cut: half a secret would not be recognised.
        var line = Gaps().Replace(Url().Replace(Of(text), "$1"), " ").Trim();
        return line.Length > LongestForeign ? line[..LongestForeign] + "…" : line;
    }

    [GeneratedRegex(@"(https?://[^/\s:?""]+)[^\s""]*", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Url();

    [GeneratedRegex(@"[\p{C}\s]+", RegexOptions.CultureInvariant)]
    private static partial Regex Gaps();
}
