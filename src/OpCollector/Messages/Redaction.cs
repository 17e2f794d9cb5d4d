using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace OpCollector.Messages;

/// <summary>
/// The last guard before anything is printed: secrets are cut out of every line, wherever they come from. Of text that others wrote
/// their parts go too, and the forms in which servers repeat them.
/// </summary>
internal static partial class Redaction
{
    // Shorter than this, cutting a secret out would garble ordinary words and tell more than it hides.
    const int Shortest = 4;

    const int MostDecodings = 3;
    const string Cut = "***";

    static readonly ConcurrentDictionary<string, byte> Secrets = new();
    static readonly ConcurrentDictionary<string, byte> Addresses = new();

    // Else a secret that is remembered while the forms of the others are made would be missed.
    static readonly Lock FormsLock = new();
    static readonly List<string> NewSecrets = [];
    static readonly List<string> NewAddresses = [];
    static SecretForms _forms = SecretForms.None;

    /// <summary>A secret: no line of output shows it.</summary>
    public static void Remember(string secret)
    {
        lock (FormsLock)
        {
            if (secret.Length >= Shortest && Secrets.TryAdd(secret, 0))
            {
                NewSecrets.Add(secret);
                // As it is written in a line of --log-format json.
                var inJson = secret.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
                if (Secrets.TryAdd(inJson, 0))
                {
                    NewSecrets.Add(inJson);
                }
            }
        }
    }

    /// <summary>
    /// A part of an address, which may be secret and may be an ordinary word: it is cut out of what others wrote, but never out of our
    /// own words.
    /// </summary>
    public static void RememberAddress(string part)
    {
        lock (FormsLock)
        {
            if (part.Length >= Shortest && Addresses.TryAdd(part, 0))
            {
                NewAddresses.Add(part);
            }
        }
    }

    /// <summary>A line of our own without the secrets.</summary>
    public static string Redact(string text) => Secrets.Keys
        .OrderByDescending(secret => secret.Length)
        .Aggregate(text, (cut, secret) => cut.Replace(secret, Cut, StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// What others wrote, decoded as far as it was encoded, without secrets, their parts, and what follows the host in an address.
    /// </summary>
    public static string RedactForeign(string text)
    {
        var forms = Forms();
        var marks = new bool[text.Length];
        var shown = MappedText.Unchanged(text);
        // In each form between that which came and that which is shown: a secret may hold what looks like an escape.
        for (var round = 0; round < MostDecodings && Decoded(shown) is var decoded && decoded != shown; round++)
        {
            forms.MarkIn(shown.WithoutGroup(Address()), marks);
            shown = decoded;
        }

        shown = shown.WithoutGroup(Address());
        forms.MarkIn(shown, marks);
        forms.MarkIn(shown.Replace(RareEscape(), Character), marks);
        return shown.Without(marks, Cut);
    }

    static SecretForms Forms()
    {
        lock (FormsLock)
        {
            if (NewSecrets.Count + NewAddresses.Count > 0)
            {
                _forms = new SecretForms(_forms, NewSecrets, NewAddresses, Shortest);
                NewSecrets.Clear();
                NewAddresses.Clear();
            }

            return _forms;
        }
    }

    static MappedText Decoded(MappedText text) => text
        .Replace(Escape(), escape => escape.Length == 2 ? "/" : $"{(char)Convert.ToUInt16(escape.Value[2..], 16)}")
        .Replace(Entity(), entity => WebUtility.HtmlDecode(entity.Value))
        .Replace(PercentEncoded(), encoded => Uri.UnescapeDataString(encoded.Value));

    static string Character(Match escape)
    {
        var value = escape.Groups["hex"] is { Success: true } hex ? Convert.ToUInt32(hex.Value, 16)
            : escape.Groups["octal"] is { Success: true } octal ? Convert.ToUInt32(octal.Value, 8)
            : escape.Groups["decimal"] is { Success: true } number ? uint.Parse(number.Value, CultureInfo.InvariantCulture)
            : '\n';
        return value <= char.MaxValue ? $"{(char)value}" : "";
    }

    // Many JSON libraries write slashes, plus signs and the like in this way, and tokens are full of them.
    [GeneratedRegex(@"\\/|\\u00[0-7][0-9a-f]", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Escape();

    [GeneratedRegex("&(#[0-9]{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Entity();

    [GeneratedRegex("(%[0-9a-f]{2})+", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex PercentEncoded();

    // As languages, mail and old servers write characters. It is never shown in this form, because much of it may mean itself.
    [GeneratedRegex(
        @"(\\[xu]\{?|%u|=|\b0x|\bU\+|&#x)(?<hex>[0-9a-f]{1,6}(?=\})|(?<=(?-i:\\U))[0-9a-f]{8}|(?<=[u+])[0-9a-f]{4}|[0-9a-f]{2})\}?"
            + @"|\\(?<octal>[0-7]{3})|\\[nrt]|&#(?<decimal>[0-9]{2,5})",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex RareEscape();

    // The rest of an address may hold an e-mail address, a key or a token.
    [GeneratedRegex(@"https?://[^/\s:?#""]+([^\s""]*)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Address();
}
