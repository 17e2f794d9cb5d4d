using System.Collections.Concurrent;
using System.Globalization;
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
        // Before anything is rewritten or cut: half a secret would not be recognised. And once more as it was meant.
        var meant = Of(Escape().Replace(Of(text), Unescaped));
        var line = Gaps().Replace(Url().Replace(meant, "$1"), " ").Trim();
        return line.Length > LongestForeign ? line[..LongestForeign] + "…" : line;
    }

    static string Unescaped(Match escape) =>
        escape.Length == 2 ? "/" : $"{(char)int.Parse(escape.ValueSpan[2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture)}";

    // Many JSON libraries write slashes, plus signs and the like in this way, and tokens are full of them.
    [GeneratedRegex(@"\\/|\\u00[0-7][0-9a-f]", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Escape();

    [GeneratedRegex(@"(https?://[^/\s:?""]+)[^\s""]*", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Url();

    [GeneratedRegex(@"[\p{C}\s]+", RegexOptions.CultureInvariant)]
    private static partial Regex Gaps();
}
