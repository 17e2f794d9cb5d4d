using System.Text;
using OpCollector.Detection.Sigma.Matching;

namespace OpCollector.Detection.Sigma.Reading;

/// <summary>
/// The modifiers that look for a value in another spelling: dashes, UTF-16, Base64. They work one after the other, as they stand.
/// </summary>
internal static class Encodings
{
    /// <summary>Their names.</summary>
    public static readonly string[] Names = ["windash", "wide", "utf16le", "utf16be", "utf16", "base64", "base64offset"];

    // How many characters of Base64 depend on what is before the value, and how many behind it.
    static readonly int[] Before = [0, 2, 3];
    static readonly int[] Behind = [0, 3, 2];

    /// <summary>Every spelling of a value.</summary>
    /// <exception cref="InvalidRuleException">It cannot be encoded; the message says why.</exception>
    public static IEnumerable<TextPattern> Encode(TextPattern value, IReadOnlyList<string> names)
    {
        IEnumerable<TextPattern> patterns = [value];
        // UTF-16 within JSON is a character for each byte.
        var bytes = Encoding.UTF8;
        foreach (var name in names)
        {
            var from = bytes;
            patterns = name == "windash"
                ? patterns.Select(pattern => pattern.WithAnyDash())
                : [.. patterns.SelectMany(pattern => pattern.Spellings())
                    .SelectMany(text => Encode(text, name, from))
                    .Select(TextPattern.Plain)];
            bytes = name is "wide" or "utf16le" or "utf16be" or "utf16" ? Encoding.Latin1 : Encoding.UTF8;
        }

        return patterns;
    }

    static IEnumerable<string> Encode(string text, string name, Encoding from) => name switch
    {
        "base64" => [Convert.ToBase64String(from.GetBytes(text))],
        "base64offset" => Enumerable.Range(0, Before.Length).Select(offset => Shifted(from.GetBytes(text), offset)),
        "utf16be" => [Text(Encoding.BigEndianUnicode.GetBytes(text))],
        "utf16" => [Text([.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(text)])],
        _ => [Text(Encoding.Unicode.GetBytes(text))],
    };

    /// <summary>The part of the Base64 that does not depend on the text around the value.</summary>
    static string Shifted(byte[] value, int offset)
    {
        var all = Convert.ToBase64String([.. new byte[offset], .. value]);
        return all[Before[offset]..^Math.Min(all.Length - Before[offset], Behind[(value.Length + offset) % Behind.Length])];
    }

    static string Text(byte[] bytes) => Encoding.Latin1.GetString(bytes);
}
