using System.Buffers;
using System.Buffers.Text;

namespace OpCollector.Delivery.Forms;

/// <summary>Writes JSON of values that are JSON already, without a look at them; what is empty is not written.</summary>
internal sealed class NestedJson(ArrayBufferWriter<byte> to)
{
    bool _isFirst = true;

    /// <summary>Begins an object: the whole, an item of a list, or a member.</summary>
    public void Open(ReadOnlySpan<byte> name = default) => Begin(name, "{"u8);

    public void OpenList(ReadOnlySpan<byte> name) => Begin(name, "["u8);

    public void Close() => End("}"u8);

    public void CloseList() => End("]"u8);

    /// <param name="value">JSON; a text with its quotes.</param>
    public void Raw(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (!value.IsEmpty)
        {
            Before(name);
            to.Write(value);
            _isFirst = false;
        }
    }

    /// <param name="text">Of letters, digits and blanks alone.</param>
    public void Text(ReadOnlySpan<byte> name, ReadOnlySpan<byte> text)
    {
        Before(name);
        to.Write("\""u8);
        to.Write(text);
        to.Write("\""u8);
        _isFirst = false;
    }

    public void Number(ReadOnlySpan<byte> name, long number)
    {
        Before(name);
        Utf8Formatter.TryFormat(number, to.GetSpan(20), out var length);
        to.Advance(length);
        _isFirst = false;
    }

    void Begin(ReadOnlySpan<byte> name, ReadOnlySpan<byte> bracket)
    {
        Before(name);
        to.Write(bracket);
        _isFirst = true;
    }

    void End(ReadOnlySpan<byte> bracket)
    {
        to.Write(bracket);
        _isFirst = false;
    }

    void Before(ReadOnlySpan<byte> name)
    {
        to.Write(_isFirst ? default : ","u8);
        if (!name.IsEmpty)
        {
            to.Write("\""u8);
            to.Write(name);
            to.Write("\":"u8);
        }
    }
}
