using System.Buffers;
using System.Text;
using OpEmulator.Scenarios;

namespace OpEmulator.Events;

/// <summary>Writes a page as op prints it: the items' bytes, and nothing of its own but what joins them.</summary>
internal static class PageText
{
    public static ReadOnlyMemory<byte> Of(IHistory history, int[] page, Scenario scenario, string end)
    {
        if (page.Length == 0)
        {
            return Encoding.UTF8.GetBytes(scenario.Empty.Length == 0 ? "" : scenario.Empty + end);
        }

        var text = new ArrayBufferWriter<byte>();
        text.Write("["u8);
        for (var i = 0; i < page.Length; i++)
        {
            text.Write(i == 0 ? ""u8 : ","u8);
            Write(text, history.ItemAt(page[i]).Span, scenario.Pretty);
        }

        text.Write(scenario.Pretty ? "\n]"u8 : "]"u8);
        text.Write(Encoding.UTF8.GetBytes(end));
        return text.WrittenMemory;
    }

    static void Write(ArrayBufferWriter<byte> text, ReadOnlySpan<byte> item, bool pretty)
    {
        if (pretty)
        {
            new Indenter(text, depth: 1).Write(item);
        }
        else
        {
            text.Write(item);
        }
    }
}
