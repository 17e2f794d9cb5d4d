using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace OpCollector.Delivery.Forms;

/// <summary>Writes JSON of values that are JSON already, without a look at them; what is empty is not written.</summary>
internal sealed class NestedJson(ArrayBufferWriter<byte> to)
{
    // A comma, the quotes and the colon of a name, the quotes of a text.
    const int Around = 6;

    const int LongestNumber = 20;
    const int LongestPlain = 128;

    static readonly SearchValues<char> Plain =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_:");

    bool _isFirst = true;

    /// <summary>Begins an object: the whole, an item of a list, or a member.</summary>
    public void Open(ReadOnlySpan<byte> name = default) => Begin(name, (byte)'{');

    public void OpenList(ReadOnlySpan<byte> name) => Begin(name, (byte)'[');

    public void Close() => End((byte)'}');

    public void CloseList() => End((byte)']');

    /// <param name="value">JSON; a text with its quotes.</param>
    public void Raw(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (!value.IsEmpty)
        {
            var span = to.GetSpan(name.Length + value.Length + Around);
            var at = Before(span, name);
            value.CopyTo(span[at..]);
            to.Advance(at + value.Length);
        }
    }

    /// <param name="text">The text between its quotes, as it is written.</param>
    public void Text(ReadOnlySpan<byte> name, ReadOnlySpan<byte> text)
    {
        var span = to.GetSpan(name.Length + text.Length + Around);
        var at = Before(span, name);
        span[at++] = (byte)'"';
        text.CopyTo(span[at..]);
        at += text.Length;
        span[at++] = (byte)'"';
        to.Advance(at);
    }

    /// <summary>Writes a text, whatever it holds.</summary>
    public void Text(ReadOnlySpan<byte> name, string text)
    {
        // Nearly every id: to encode it costs more than all the rest of it.
        if (text.Length <= LongestPlain && !text.AsSpan().ContainsAnyExcept(Plain))
        {
            Span<byte> plain = stackalloc byte[LongestPlain];
            Text(name, plain[..Encoding.ASCII.GetBytes(text, plain)]);
        }
        else
        {
            Text(name, JsonEncodedText.Encode(text).EncodedUtf8Bytes);
        }
    }

    public void Number(ReadOnlySpan<byte> name, long number)
    {
        var span = to.GetSpan(name.Length + LongestNumber + Around);
        var at = Before(span, name);
        Utf8Formatter.TryFormat(number, span[at..], out var length);
        to.Advance(at + length);
    }

    void Begin(ReadOnlySpan<byte> name, byte bracket)
    {
        var span = to.GetSpan(name.Length + Around);
        var at = Before(span, name);
        span[at++] = bracket;
        to.Advance(at);
        _isFirst = true;
    }

    void End(byte bracket)
    {
        to.GetSpan(1)[0] = bracket;
        to.Advance(1);
        _isFirst = false;
    }

    int Before(Span<byte> span, ReadOnlySpan<byte> name)
    {
        var at = 0;
        if (!_isFirst)
        {
            span[at++] = (byte)',';
        }

        _isFirst = false;
        if (!name.IsEmpty)
        {
            span[at++] = (byte)'"';
            name.CopyTo(span[at..]);
            at += name.Length;
            span[at++] = (byte)'"';
            span[at++] = (byte)':';
        }

        return at;
    }
}
