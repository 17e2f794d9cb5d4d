using System.Text;

namespace OpCollector.Http;

/// <summary>
/// Knows a web page by how it begins, whatever its type says: a sign-in, error or block page of something in between comes as any type, and
/// many a receiver sends its "ok", or nothing at all, as <c>text/html</c>.
/// </summary>
internal static class WebPage
{
    // What is before the first tag of a page is short, comments included.
    const int MostRead = 64 * 1024;

    // A page need not say first that it is one: many a block page begins with what browsers show all the same.
    static readonly string[] FirstTags = [
        "<html",
        "<head",
        "<title",
        "<meta",
        "<body",
        "<script",
        "<style",
        "<noscript",
        "<center",
        "<frameset",
    ];

    public static bool Is(ReadOnlySpan<byte> body)
    {
        // What begins as JSON is not a web page, which can be seen without decoding it.
        if (body.TrimStart(" \t\r\n"u8) is [(byte)'{' or (byte)'[', ..])
        {
            return false;
        }

        var text = (ReadOnlySpan<char>)Decoded(body[..Math.Min(body.Length, MostRead)]);
        while (Skip(ref text, "<!--", "-->") || Skip(ref text, "<?", "?>"))
        {
        }

        foreach (var tag in FirstTags)
        {
            if (IsTag(text, tag))
            {
                return true;
            }
        }

        return IsDoctype(text);
    }

    static string Decoded(ReadOnlySpan<byte> body) => body switch
    {
        [0xFF, 0xFE, ..] => Encoding.Unicode.GetString(body[2..]),
        [0xFE, 0xFF, ..] => Encoding.BigEndianUnicode.GetString(body[2..]),
        _ => Encoding.UTF8.GetString(body.StartsWith(Encoding.UTF8.Preamble) ? body[Encoding.UTF8.Preamble.Length..] : body),
    };

    // A comment, or the line by which XHTML says that it is XML; and the white space around it.
    static bool Skip(ref ReadOnlySpan<char> text, string open, string close)
    {
        text = text.TrimStart().TrimStart('\uFEFF').TrimStart();
        var end = text.StartsWith(open, StringComparison.Ordinal) ? text.IndexOf(close, StringComparison.Ordinal) : -1;
        text = end < 0 ? text : text[(end + close.Length)..].TrimStart();
        return end >= 0;
    }

    static bool IsDoctype(ReadOnlySpan<char> text) =>
        text.StartsWith("<!doctype", StringComparison.OrdinalIgnoreCase) && IsTag(text["<!doctype".Length..].TrimStart(), "html");

    // Not of a longer name.
    static bool IsTag(ReadOnlySpan<char> text, string tag) =>
        text.StartsWith(tag, StringComparison.OrdinalIgnoreCase)
            && (text.Length == tag.Length || !(char.IsLetterOrDigit(text[tag.Length]) || text[tag.Length] is '-' or '_' or '.'));
}
