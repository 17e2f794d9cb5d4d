using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace OpCollector.Events.Json;

/// <summary>
/// The texts and names of JSON, without a fear of half a character: .NET's own readers throw at one, and an event must not stop a run.
/// </summary>
internal static class JsonText
{
    const int LongestEscape = 6; // \u0041

    /// <summary>Whether the name, or the text, that a reader is at is this one.</summary>
    /// <param name="text">Of ASCII alone.</param>
    public static bool Is(this in Utf8JsonReader reader, ReadOnlySpan<byte> text) => !reader.ValueIsEscaped
        ? reader.ValueSpan.SequenceEqual(text)
        : reader.ValueSpan.Length <= text.Length * LongestEscape && Decode(reader.ValueSpan) == Encoding.UTF8.GetString(text);

    /// <summary>The name, or the text, that a reader is at, to be shown or kept: half a character is replaced.</summary>
    public static string Text(this in Utf8JsonReader reader) =>
        reader.ValueIsEscaped ? Whole(Decode(reader.ValueSpan)) : Encoding.UTF8.GetString(reader.ValueSpan);

    /// <summary>The text with U+FFFD for each half of a character.</summary>
    public static string Whole(string text) => Encoding.Unicode.GetString(Encoding.Unicode.GetBytes(text));

    /// <summary>A text as JSON writes it, with its quotes: nothing in it steers a terminal or turns the direction of writing.</summary>
    public static string Quoted(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        Span<char> units = stackalloc char[2];
        foreach (var rune in JsonEncodedText.Encode(Whole(text), JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString().EnumerateRunes())
        {
            var written = units[..rune.EncodeToUtf16(units)];
            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.Control)
            {
                foreach (var c in written)
                {
                    quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
                }
            }
            else
            {
                quoted.Append(written);
            }
        }

        return quoted.Append('"').ToString();
    }

    /// <summary>Decodes what is between the quotes; half a character stays what it is.</summary>
    /// <param name="text">Has room for as many characters as <paramref name="json"/> has bytes.</param>
    /// <returns>How many characters there are.</returns>
    public static int Decode(ReadOnlySpan<byte> json, Span<char> text)
    {
        var length = 0;
        while (json.IndexOf((byte)'\\') is >= 0 and var escape)
        {
            length += Encoding.UTF8.GetChars(json[..escape], text[length..]);
            var isUnicode = json[escape + 1] == (byte)'u';
            text[length++] = isUnicode
                ? (char)ushort.Parse(json.Slice(escape + 2, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture)
                : Unescaped(json[escape + 1]);
            json = json[(escape + (isUnicode ? 6 : 2))..];
        }

        return length + Encoding.UTF8.GetChars(json, text[length..]);
    }

    /// <summary>The beginning of what is between the quotes, so many bytes at most; no escape is cut in two.</summary>
    public static ReadOnlySpan<byte> Beginning(ReadOnlySpan<byte> json, int most)
    {
        if (json.Length <= most)
        {
            return json;
        }

        var end = 0;
        while (json[end..most].IndexOf((byte)'\\') is >= 0 and var escape)
        {
            var next = end + escape + (json[end + escape + 1] == (byte)'u' ? LongestEscape : 2);
            if (next > most)
            {
                return json[..(end + escape)];
            }

            end = next;
        }

        return json[..most];
    }

    public static string Decode(ReadOnlySpan<byte> json)
    {
        var text = new char[json.Length];
        return new string(text, 0, Decode(json, text));
    }

    static char Unescaped(byte escaped) => escaped switch
    {
        (byte)'n' => '\n',
        (byte)'t' => '\t',
        (byte)'r' => '\r',
        (byte)'b' => '\b',
        (byte)'f' => '\f',
        _ => (char)escaped,
    };
}
