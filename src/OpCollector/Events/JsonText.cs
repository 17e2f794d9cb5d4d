using System.Globalization;
using System.Text;

namespace OpCollector.Events;

/// <summary>The text of a JSON string. A lone surrogate, which .NET's reader refuses, stays what it is: an event must not stop a run.</summary>
internal static class JsonText
{
    /// <summary>Decodes what stands between the quotes.</summary>
    /// <param name="text">Has room for as many characters as <paramref name="json"/> has bytes.</param>
    /// <returns>How many characters there are.</returns>
    public static int Decode(ReadOnlySpan<byte> json, Span<char> text)
    {
        var length = 0;
        while (json.IndexOf((byte)'\\') is >= 0 and var escape)
        {
            length += Encoding.UTF8.GetChars(json[..escape], text[length..]);
            var isUnicode = json[escape + 1] == (byte)'u';
            text[length++] = isUnicode ? (char)ushort.Parse(json.Slice(escape + 2, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture) : Unescaped(json[escape + 1]);
            json = json[(escape + (isUnicode ? 6 : 2))..];
        }

        return length + Encoding.UTF8.GetChars(json, text[length..]);
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
