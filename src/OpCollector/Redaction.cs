using System.Buffers;
using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace OpCollector;

/// <summary>
/// The last guard before anything is printed: secrets are cut out of every line, whoever put them there. Of text that others wrote
/// their parts go too, and the forms in which servers repeat them.
/// </summary>
internal static partial class Redaction
{
    // Shorter than this, cutting a secret out would garble ordinary words and tell more than it hides.
    const int Shortest = 4;

    // Of a secret that a server shows in part, what is shorter than this is left: it is of no use, and ordinary words have as many letters.
    const int ShortestPart = 8;

    // So many letters of a token of words and points stand in no other sentence by chance.
    const int ShortestWords = 12;

    const int MostDecodings = 3;
    const string Cut = "***";

    // A piece of nothing else may be a piece of any sentence, and of a password of words.
    static readonly SearchValues<char> InWords = SearchValues.Create("abcdefghijklmnopqrstuvwxyz ._@-");

    static readonly ConcurrentDictionary<string, byte> Secrets = new();
    static readonly ConcurrentDictionary<string, byte> Addresses = new();
    static volatile HashSet<string>? _pieces;

    /// <summary>A secret: no line of output shows it.</summary>
    public static void Remember(string secret)
    {
        if (secret.Length < Shortest || !Secrets.TryAdd(secret, 0))
        {
            return;
        }

        // As it would stand in a line of --log-format json.
        Secrets.TryAdd(secret.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal), 0);
        _pieces = null;
    }

    /// <summary>
    /// A part of an address, which may be secret and may be an ordinary word: it is cut out of what others wrote, but never out of our
    /// own words.
    /// </summary>
    public static void RememberAddress(string part)
    {
        if (part.Length >= Shortest && Addresses.TryAdd(part, 0))
        {
            _pieces = null;
        }
    }

    /// <summary>A line of ours without the secrets.</summary>
    public static string Of(string text) => Without(Secrets.Keys, text);

    /// <summary>What others wrote, decoded as far as it was encoded, without secrets, their parts, and what follows the host in an address.</summary>
    public static string OfForeign(string text) =>
        WithoutPieces(Without([.. Secrets.Keys, .. Addresses.Keys], Url().Replace(Decoded(text), "$1")));

    static string Without(ICollection<string> secrets, string text) =>
        secrets.OrderByDescending(secret => secret.Length).Aggregate(text, (cut, secret) => cut.Replace(secret, Cut, StringComparison.OrdinalIgnoreCase));

    static string WithoutPieces(string text)
    {
        var pieces = (_pieces ??= Pieces()).GetAlternateLookup<ReadOnlySpan<char>>();
        var kept = new StringBuilder(text.Length);
        var secretUntil = 0;
        for (var at = 0; at < text.Length; at++)
        {
            var length = IsPiece(ShortestPart) ? ShortestPart : IsPiece(ShortestWords) ? ShortestWords : 0;
            if (length > 0)
            {
                if (at >= secretUntil)
                {
                    kept.Append(Cut);
                }

                secretUntil = Math.Max(secretUntil, at + length);
            }

            bool IsPiece(int size) => at + size <= text.Length && pieces.Contains(text.AsSpan(at, size));

            if (at >= secretUntil)
            {
                kept.Append(text[at]);
            }
        }

        return kept.ToString();
    }

    static HashSet<string> Pieces()
    {
        var pieces = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var inAddresses = Addresses.Keys.SelectMany(part => part.Split('/', '?', '&', '=')).Where(part => !OrdinaryWords().IsMatch(part));
        string[] inSecrets = [.. Secrets.Keys.Select(secret => Host().Replace(secret, "$1"))];
        foreach (var form in inSecrets.Concat(inAddresses).SelectMany(Forms))
        {
            for (var at = 0; at + ShortestPart <= form.Length; at++)
            {
                var piece = form.Substring(at, ShortestPart);
                if (piece.AsSpan().ContainsAnyExcept(InWords))
                {
                    pieces.Add(piece);
                }
            }
        }

        // A password of words has blanks, and an address has an @ or a host.
        foreach (var token in inSecrets.Where(secret => !secret.AsSpan().ContainsAnyExcept(InWords) && secret.IndexOfAny([' ', '@']) < 0))
        {
            pieces.UnionWith(Enumerable.Range(0, Math.Max(0, token.Length - ShortestWords + 1)).Select(at => token.Substring(at, ShortestWords)));
        }

        return pieces;
    }

    // Base64 depends on how many bytes stand in front; at the edges it mixes with what is not ours.
    static IEnumerable<string> Forms(string secret)
    {
        yield return secret;
        var bytes = Encoding.UTF8.GetBytes(secret);
        yield return Convert.ToHexString(bytes);
        for (var before = 0; before < 3; before++)
        {
            byte[] shifted = [.. new byte[before], .. bytes];
            var (first, last) = (before == 0 ? 0 : before + 1, shifted.Length / 3 * 4);
            if (first < last)
            {
                yield return Convert.ToBase64String(shifted)[first..last];
                yield return Base64Url.EncodeToString(shifted)[first..last];
            }
        }
    }

    static string Decoded(string text)
    {
        for (var round = 0; round < MostDecodings; round++)
        {
            var decoded = PercentEncoded().Replace(
                WebUtility.HtmlDecode(Escape().Replace(text, Unescaped)),
                encoded => Uri.UnescapeDataString(encoded.Value));
            if (decoded == text)
            {
                break;
            }

            text = decoded;
        }

        return text;
    }

    static string Unescaped(Match escape) =>
        escape.Length == 2 ? "/" : $"{(char)Convert.ToUInt16(escape.Value[2..], 16)}";

    // Many JSON libraries write slashes, plus signs and the like in this way, and tokens are full of them.
    [GeneratedRegex(@"\\/|\\u00[0-7][0-9a-f]", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Escape();

    [GeneratedRegex("(%[0-9a-f]{2})+", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex PercentEncoded();

    // As in "services", "v2" or "logs-1password.audit_events-default": a receiver's words, and no key.
    // Each of them is matched in one way only: else thirty of them in an address would be tried in a thousand million.
    [GeneratedRegex("^(([0-9]{0,7}[a-z]{0,15}|[a-z]{1,15}[0-9]{1,7})([._-]|$))*$", RegexOptions.CultureInvariant)]
    private static partial Regex OrdinaryWords();

    // Of an address that is a secret as a whole, the host alone is none.
    [GeneratedRegex("^[a-z0-9+.-]+://([^/?#]*@)?[^/?#@]*", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Host();

    // The rest of an address may hold an e-mail address, a key or a token.
    [GeneratedRegex(@"(https?://[^/\s:?#""]+)[^\s""]*", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Url();
}
