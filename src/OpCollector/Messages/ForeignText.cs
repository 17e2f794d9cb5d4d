using System.Globalization;
using System.Text;

namespace OpCollector.Messages;

/// <summary>
/// Text that others wrote: op, 1Password, a receiver, an event, a file. Made once, it is fit for a message and for a terminal: without
/// secrets, on one line, without what steers a terminal or turns the direction of writing, and short.
/// </summary>
internal readonly record struct ForeignText
{
    /// <summary>How much of it a message shows.</summary>
    public const int Most = 200;

    // What is shown of a text is within that; the rest of a long one needs no care.
    const int MostRead = 16 * 1024;

    // The last word of a longer line does not begin where it would be shown, or is longer than any secret.
    const int LongestWithSecret = 8 * 1024;

    readonly string? _text;

    ForeignText(string text) => _text = text;

    public static ForeignText Clean(string? text) => text?.Length > MostRead
        ? new(Shortened(WithoutLastWord(Line(Redaction.RedactForeign(text[..MostRead])))))
        : new(Shortened(Line(Redaction.RedactForeign(text ?? ""))));

    /// <param name="bytes">UTF-8, or UTF-16, or no text at all.</param>
    public static ForeignText Clean(ReadOnlySpan<byte> bytes)
    {
        var beginning = bytes[..Math.Min(bytes.Length, 4 * MostRead)];
        return Clean(EncodingOf(beginning).GetString(beginning));
    }

    /// <summary>
    /// The text on one line and clean, at its full length: for names and sentences that a person reads. Secrets are not looked for.
    /// </summary>
    public static string Line(string text) => IsClean(text)
        ? text
        : string.Join(' ', Printable(text).Split(' ', StringSplitOptions.RemoveEmptyEntries));

    /// <summary>The cleaned text with all its blanks, for lines that are set in columns.</summary>
    public static string Printable(string text)
    {
        var line = new StringBuilder(text.Length);
        Span<char> units = stackalloc char[2];
        foreach (var rune in text.EnumerateRunes())
        {
            switch (Rune.GetUnicodeCategory(rune))
            {
                case UnicodeCategory.Control:
                case UnicodeCategory.SpaceSeparator:
                case UnicodeCategory.LineSeparator:
                case UnicodeCategory.ParagraphSeparator:
                    line.Append(' ');
                    break;
                case UnicodeCategory.Format:
                    line.Append('\uFFFD');
                    break;
                default:
                    // Half a character comes as U+FFFD.
                    line.Append(units[..rune.EncodeToUtf16(units)]);
                    break;
            }
        }

        return line.ToString();
    }

    /// <summary>The beginning of a line; never cut between the halves of a character.</summary>
    public static string Shortened(string line, int most = Most) =>
        line.Length <= most ? line : line[..(char.IsHighSurrogate(line[most - 1]) ? most - 1 : most)] + "…";

    public override string ToString() => _text ?? "";

    // In UTF-16 every second byte of most texts is 0, and in UTF-8 none.
    static Encoding EncodingOf(ReadOnlySpan<byte> text)
    {
        var isEven = text.Length % 2 == 0;
        return text is [not 0, 0, not 0, 0, ..] || (isEven && text is [0xFF, 0xFE, ..]) ? Encoding.Unicode
            : text is [0, not 0, 0, not 0, ..] || (isEven && text is [0xFE, 0xFF, ..]) ? Encoding.BigEndianUnicode
            : Encoding.UTF8;
    }

    static bool IsClean(string text)
    {
        foreach (var c in text)
        {
            if (c is < ' ' or > '~')
            {
                return false;
            }
        }

        return !text.Contains("  ", StringComparison.Ordinal) && !text.StartsWith(' ') && !text.EndsWith(' ');
    }

    // It may be the beginning of a secret, and too little of it to be known as one.
    static string WithoutLastWord(string line) => line.Length > LongestWithSecret ? line : line[..(line.LastIndexOf(' ') + 1)].TrimEnd();
}
