using System.Text;

namespace OpCollector.Report.Markup;

/// <summary>
/// A text as it is written into a page: clean, without secrets, of a bounded length, and with every sign escaped that means something to a
/// browser, between tags and in attributes alike.
/// </summary>
internal readonly record struct EscapedText
{
    // Longer than any sentence of an event. Nobody reads more of a name in a table.
    const int Most = 400;

    // Nobody looks for a secret behind it.
    const int MostRead = 4 * Most;

    readonly string? _text;

    EscapedText(string text) => _text = text;

    public static EscapedText Escape(string text)
    {
        var beginning = text.Length > MostRead ? ForeignText.Shortened(text, MostRead) : text;
        var clean = ForeignText.Shortened(Redaction.Redact(IsPlain(beginning) ? beginning : ForeignText.Printable(beginning)), Most);
        if (clean.AsSpan().IndexOfAny("&<>\"'") < 0)
        {
            return new(clean);
        }

        var escaped = new StringBuilder(clean.Length + 16);
        foreach (var c in clean)
        {
            _ = c switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '"' => escaped.Append("&#34;"),
                '\'' => escaped.Append("&#39;"),
                _ => escaped.Append(c),
            };
        }

        return new(escaped.ToString());
    }

    public override string ToString() => _text ?? "";

    static bool IsPlain(string text) => !text.AsSpan().ContainsAnyExceptInRange(' ', '~');
}
