using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace OpCollector.Messages;

/// <summary>
/// What is looked for in the text of others: secrets, the forms in which servers repeat them, and their parts. Ordinary words, hosts and
/// e-mail addresses are not among them.
/// </summary>
internal sealed partial class SecretForms
{
    // Of a secret that a server shows in part, what is shorter than this is left: it is of no use, and ordinary words have as many letters.
    const int ShortestPart = 8;

    // So many letters and digits are in no other sentence by chance, whatever is between them.
    const int ShortestBroken = 12;

    // A longer one would take too much memory in all its forms.
    const int LongestEncoded = 2048;

    const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    const string Letters64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    // A piece of nothing else may be a piece of any sentence, and of a password of words.
    static readonly SearchValues<char> InWords = SearchValues.Create("abcdefghijklmnopqrstuvwxyz ._@-:");

    /// <summary>Nothing is looked for.</summary>
    public static readonly SecretForms None = new();

    readonly string[] _whole = [];
    readonly string[] _words = [];
    readonly HashSet<string> _parts = new(StringComparer.OrdinalIgnoreCase);

    // Of letters and digits alone, as they are looked for where something may be between them.
    readonly HashSet<string> _broken = new(StringComparer.OrdinalIgnoreCase);
    readonly HashSet<string> _wholeBroken = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="known">The forms that are looked for already: to make them again would take as long as at the first time.</param>
    /// <param name="secrets">Further ones, as they are.</param>
    /// <param name="addresses">Further parts of addresses, which may be secret and may be ordinary words.</param>
    /// <param name="shortest">What is shorter is not looked for.</param>
    public SecretForms(SecretForms known, ICollection<string> secrets, ICollection<string> addresses, int shortest)
    {
        _parts = new HashSet<string>(known._parts, known._parts.Comparer);
        _broken = new HashSet<string>(known._broken, known._broken.Comparer);
        _wholeBroken = new HashSet<string>(known._wholeBroken, known._wholeBroken.Comparer);
        var words = addresses.Where(each => OrdinaryWords().IsMatch(each)).ToArray();
        _words = [.. known._words, .. words];
        _whole =
        [
            .. known._whole,
            .. secrets.Concat(addresses.Except(words))
                .Select(each => MappedText.Unchanged(each).Visible().Text.Trim())
                .Where(each => each.Length >= shortest),
        ];
        foreach (var secret in secrets.Select(secret => Host().Replace(secret, "$1")))
        {
            AddForms(secret);
        }

        foreach (var part in addresses.SelectMany(part => part.Split('/', '?', '&', '=')).Where(part => !OrdinaryWords().IsMatch(part)))
        {
            AddForms(part);
        }
    }

    SecretForms()
    {
    }

    /// <summary>Marks whatever of the secrets a text shows.</summary>
    /// <param name="text">As it came, or decoded; of an address the host alone.</param>
    public void MarkIn(MappedText text, bool[] marks)
    {
        var visible = text.Visible();
        MarkAll(visible, _whole, marks);
        MarkWords(visible, marks);
        MarkParts(visible, _parts, ShortestPart, marks);
        MarkParts(visible, _broken, ShortestBroken, marks);
        var letters = visible.LettersAndDigits();
        MarkAll(letters, _wholeBroken, marks);
        MarkParts(letters, _broken, ShortestBroken, marks);
    }

    static void MarkAll(MappedText text, IEnumerable<string> wanted, bool[] marks)
    {
        foreach (var each in wanted)
        {
            var at = 0;
            while (text.Text.IndexOf(each, at, StringComparison.OrdinalIgnoreCase) is >= 0 and var found)
            {
                text.Cover(found, each.Length, marks);
                at = found + each.Length;
            }
        }
    }

    // A word of an address is that word alone, and no label of a host.
    void MarkWords(MappedText text, bool[] marks)
    {
        foreach (var word in _words)
        {
            var at = 0;
            while (text.Text.IndexOf(word, at, StringComparison.OrdinalIgnoreCase) is >= 0 and var found)
            {
                at = found + word.Length;
                var before = text.Text.AsSpan(0, found);
                if (!GoesOn(before, ^1) && !before.EndsWith('@') && !GoesOn(text.Text.AsSpan(at), 0))
                {
                    text.Cover(found, word.Length, marks);
                }
            }
        }
    }

    // A full stop at the end of a sentence is alone.
    static bool GoesOn(ReadOnlySpan<char> beside, Index next) =>
        !beside.IsEmpty && (char.IsLetterOrDigit(beside[next]) || (beside[next] is '.' or '-' && beside.Length > 1));

    static void MarkParts(MappedText text, HashSet<string> parts, int size, bool[] marks)
    {
        var lookup = parts.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var at = 0; parts.Count > 0 && at + size <= text.Text.Length; at++)
        {
            if (lookup.Contains(text.Text.AsSpan(at, size)))
            {
                text.Cover(at, size, marks);
            }
        }
    }

    void AddForms(string secret)
    {
        // A password of words has blanks, and an address has an @ or a host.
        var isOfWords = !secret.AsSpan().ContainsAnyExcept(InWords);
        var isToken = secret.IndexOfAny([' ', '@']) < 0;
        var letters = MappedText.Unchanged(secret).LettersAndDigits().Text;
        if (isOfWords && isToken)
        {
            _broken.UnionWith(Pieces(secret, ShortestBroken));
            _broken.UnionWith(Pieces(letters, ShortestBroken));
        }

        if (letters.Length >= ShortestPart && (!isToken || !isOfWords))
        {
            _wholeBroken.Add(letters);
        }

        var encoded = secret.Length > LongestEncoded ? secret[..LongestEncoded] : secret;
        foreach (var form in AsText(secret).Concat(Encoded(encoded)))
        {
            _parts.UnionWith(Pieces(form, ShortestPart).Where(IsNoWord));
            AddBroken(MappedText.Unchanged(form).LettersAndDigits().Text);
        }

        foreach (var numbers in Numbers(Encoding.UTF8.GetBytes(encoded)))
        {
            AddBroken(numbers);
        }
    }

    void AddBroken(string letters)
    {
        _broken.UnionWith(Pieces(letters, ShortestBroken).Where(IsNoWord));
        if (letters.Length is >= ShortestPart and < ShortestBroken && IsNoWord(letters))
        {
            _wholeBroken.Add(letters);
        }
    }

    static bool IsNoWord(string piece) => piece.AsSpan().ContainsAnyExcept(InWords);

    static IEnumerable<string> Pieces(string text, int size) =>
        Enumerable.Range(0, Math.Max(0, text.Length - size + 1)).Select(at => text.Substring(at, size));

    static IEnumerable<string> AsText(string secret)
    {
        yield return MappedText.Unchanged(secret).Visible().Text;
        // As it comes where one side takes it for Latin-1, and where the other does.
        if (!Ascii.IsValid(secret))
        {
            yield return Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(secret));
            yield return string.Concat(secret.Select(c => char.IsAscii(c) ? $"{c}" : "\uFFFD"));
        }
    }

    static IEnumerable<string> Encoded(string secret)
    {
        var (bytes, wide) = (Encoding.UTF8.GetBytes(secret), Encoding.Unicode.GetBytes(secret));
        return
        [
            Convert.ToHexString(bytes),
            Convert.ToHexString(wide),
            .. Based(Letters64 + "+/", bytes),
            .. Based(Letters64 + "+/", wide),
            .. Based(Letters64 + "-_", bytes),
            .. Based(Base32, bytes),
        ];
    }

    // Lists of numbers, as they are when nothing is between them.
    static IEnumerable<string> Numbers(byte[] bytes) =>
    [
        string.Concat(bytes.Select(each => each.ToString(CultureInfo.InvariantCulture))),
        string.Concat(bytes.Select(each => Convert.ToString(each, 8).PadLeft(3, '0'))),
    ];

    // It depends on how many bytes are in front; at the edges it mixes with what is not ours.
    static IEnumerable<string> Based(string alphabet, byte[] bytes)
    {
        var bits = alphabet.Length == Base32.Length ? 5 : 6;
        return Enumerable.Range(0, bits == 5 ? 5 : 3).Select(before => Based(alphabet, bits, bytes, (bits - (before * 8 % bits)) % bits));
    }

    static string Based(string alphabet, int bits, byte[] bytes, int skipped)
    {
        var text = new StringBuilder();
        for (var bit = skipped; bit + bits <= bytes.Length * 8; bit += bits)
        {
            var value = 0;
            for (var each = bit; each < bit + bits; each++)
            {
                value = (value << 1) | ((bytes[each / 8] >> (7 - (each % 8))) & 1);
            }

            text.Append(alphabet[value]);
        }

        return text.ToString();
    }

    // As in "services", "v2" or "logs-1password.audit_events-default": a receiver's words, and no key.
    // Each of them is matched in one way only: else thirty of them in an address would be tried in a thousand million.
    [GeneratedRegex("^(([0-9]{0,7}[a-z]{0,15}|[a-z]{1,15}[0-9]{1,7})([._-]|$))*$", RegexOptions.CultureInvariant)]
    private static partial Regex OrdinaryWords();

    // Where a whole address is a secret, its host alone is not.
    [GeneratedRegex("^[a-z0-9+.-]+://([^/?#]*@)?[^/?#@]*", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Host();
}
