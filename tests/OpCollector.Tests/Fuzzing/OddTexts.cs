using System.Globalization;
using System.Net;
using System.Text;

namespace OpCollector.Tests.Fuzzing;

/// <summary>What nobody expects to stand in a text of JSON or YAML, as the bytes that would stand there.</summary>
internal static class OddTexts
{
    /// <summary>A secret that the servers of a case know, and may say back in any spelling.</summary>
    public const string Secret = "pl4nted/S3cret+with=odd&chars<9>~Q7";

    // A path may be of 4,096.
    const int Longest = 5000;
    const int Part = 12;

    static readonly string[] StackTraces = ["   at OpCollector", "   at System."];

    // What a receiver or a proxy that repeats a header makes of it.
    static readonly string[] Spellings =
    [
        Secret,
        Uri.EscapeDataString(Secret),
        WebUtility.HtmlEncode(Secret),
        Convert.ToBase64String(Encoding.UTF8.GetBytes(Secret)),
        Convert.ToHexStringLower(Encoding.UTF8.GetBytes(Secret)),
        Secret.Replace("/", "\\/", StringComparison.Ordinal).Replace("<", "\\u003c", StringComparison.Ordinal),
    ];

    /// <summary>Where a value may stand.</summary>
    public static readonly string[] Values =
    [
        "null", "true", "false", "0", "-0", "-1", "1", "1.0", "1e0", "0.1e1", "1e400", "-1e-400", "2147483648", "9223372036854775807",
        "9223372036854775808", "-9223372036854775808",
        "18446744073709551616", "123456789012345678901234567890123456789012345678901234567890", "3190218367", "253402300799",
        "253402300800", "-62135596800", "-62135596801", "NaN", "Infinity", "01", "+1", ".5", "1.",
        "ture", "flase", "nul", "None", "undefined", "'single'", "[]", "{}", "[null]", "[[]]", "[{}]", """{"":null}""",
        """{"a":{"a":{"a":[1]}}}""", """{"uuid":"x"}""", """["a",1,null,{"b":[]}]""",
        "\"\"", "\" \"", "\"0\"", "\"null\"", "\"1e400\"", "\"-1\"", "\"9223372036854775808\"",
        "\"9999-12-31T23:59:59Z\"", "\"9999-12-31T23:59:59.9999999Z\"", "\"9999-12-31T23:59:59.999999999999Z\"",
        "\"9999-12-31T23:59:59-14:00\"", "\"9999-12-31T00:00:00+14:00\"",
        "\"0001-01-01T00:00:00Z\"", "\"0001-01-01T00:00:01Z\"", "\"0001-01-01T00:00:00+14:00\"", "\"0001-01-01T00:00:00-14:00\"",
        "\"0000-00-00T00:00:00Z\"", "\"1970-01-01T00:00:00Z\"", "\"2099-01-01T00:00:00Z\"",
        "\"2026-02-30T00:00:00Z\"", "\"2026-11-01T23:59:60Z\"", "\"2026-11-01T10:00:00+0000\"", "\"2026-11-01 10:00:00\"",
        "\"2026-11-01t10:00:00z\"", "\"2026-11-01T24:00:00Z\"", "\"2026-11-01\"", "\"10675199d\"", "\"99999999999999999999d\"", "\"1s\"",
        "\"0s\"",
        "\"\\ud800\"", "\"\\udc00\"", "\"a\\ud800b\"", "\"\\ud83d\\ude00\"", "\"\\ude00\\ud83d\"", "\"\\u0000\"", "\"\\u001b[31mred\"",
        "\"\\u009b31m\"", "\"\\u202eabc\"", "\"\\u2028\"", "\"\\ufeff\"", "\"\\uffff\"", "\"a\\nb\\r\\nERR forged\"", "\"\\t\\b\\f\"",
        "\"\\x\"", "\"\\u12\"",
        "\"\u202Eabc\u2066\"", "\"\u009B31m\"", "\"\u2028\u2029\"", "\"\uFEFF\"", "\"\U000E0041\U0001F600\"", "\"\u00AD\u200B\"",
        "\"<script>alert(1)</script>\"", "\"<!doctype html><html><body>Sign in</body></html>\"", "\"../../etc/passwd\"", "\"/dev/stdin\"",
        "\"@timestamp\"", "\"group:\"", "\"group:Owners\"", "\"*\"", "\"%\"", "\"{0}\"", "\"{Message:l}\"", "\"[red]\"",
        "\"a,b\\\\\\\"c\"",
        "\"https://user:pa55word@siem.example/hook/path?token=1\"", "\"http://\"", "\"https://[::1\"", "\"https://xn--\"",
        "\"opcollector\"", "\"audit\"", "\"signin\"", "\"RU\"", "\"A\"", "\"group\"", "\"join\"",
    ];

    /// <summary>Where anything may stand: bytes that are no characters among them.</summary>
    public static readonly byte[][] Anything =
    [
        [0], [0x1B], [0x07], [0x7F], [0x80], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xFF, 0xFE], [0xEF, 0xBB, 0xBF],
        [0xC2, 0x9B], [0xE2, 0x80, 0xAE], [0xE2, 0x80, 0xA8], "\r"u8.ToArray(), "\n"u8.ToArray(), "\r\n\r\n"u8.ToArray(),
        "\""u8.ToArray(), "\\"u8.ToArray(), "\\u"u8.ToArray(), "{"u8.ToArray(), "}"u8.ToArray(), "["u8.ToArray(), "]"u8.ToArray(),
        ","u8.ToArray(), ":"u8.ToArray(), "//"u8.ToArray(), "/*"u8.ToArray(), "\u001b]0;title\u0007"u8.ToArray(), "<html>"u8.ToArray(),
        " "u8.ToArray(), "\t"u8.ToArray(),
        "- "u8.ToArray(), "&a "u8.ToArray(), "*a"u8.ToArray(), "!!binary "u8.ToArray(), "---\n"u8.ToArray(), "|"u8.ToArray(),
        "#"u8.ToArray(), "%"u8.ToArray(), "$"u8.ToArray(),
    ];

    /// <summary>The secret, spelt in one of the ways in which a server repeats it.</summary>
    public static string Spelt(Random random) => Spellings[random.Next(Spellings.Length)];

    /// <summary>What is wrong with a line of a message that a person will see; null where nothing is.</summary>
    /// <param name="isOwn">Whether it is what the person has written: then it may be long.</param>
    public static string? Complaint(string line, bool isOwn) =>
        line.EnumerateRunes().FirstOrDefault(IsUnseen) is { Value: > 0 } rune ? $"U+{rune.Value:X4} in it"
        : !IsWellFormed(line) ? "half a character in it"
        : line.Length > Longest && !isOwn ? $"{line.Length} characters"
        : StackTraces.Any(each => line.Contains(each, StringComparison.Ordinal)) ? "a stack trace in it"
        : Spellings.Any(secret => Holds(line, secret)) ? "a secret in it, or a part of one"
        : null;

    static bool IsUnseen(Rune rune) =>
        Rune.GetUnicodeCategory(
            rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator;

    static bool IsWellFormed(string line) =>
        !line.Where((each, at) => char.IsSurrogate(each) && !IsPair(line, at) && !IsPair(line, at - 1)).Any();

    static bool IsPair(string line, int at) => at >= 0 && at + 1 < line.Length && char.IsSurrogatePair(line, at);

    // Half of it would be half a secret.
    static bool Holds(string line, string secret) =>
        Enumerable.Range(0, secret.Length - Part + 1).Any(at => line.AsSpan().Contains(secret.AsSpan(at, Part), StringComparison.Ordinal));
}
