using System.Buffers;

namespace OpCollector.Delivery;

/// <summary>Events one on each line, as a file and a pipe get them: what is sent for each, untouched. Pure.</summary>
internal static class NdjsonLines
{
    public static ReadOnlyMemory<byte> Write(Batch batch)
    {
        var lines = new ArrayBufferWriter<byte>(Math.Max(1, batch.Events.Sum(each => each.Sent.Length + 1)));
        foreach (var each in batch.Events)
        {
            lines.Write(each.Sent.Span);
            lines.Write("\n"u8);
        }

        return lines.WrittenMemory;
    }

    /// <summary>The batch in parts whose lines have no more bytes than that, but for a single event.</summary>
    public static IEnumerable<Batch> Cut(Batch batch, int mostBytes) => batch.Cut(int.MaxValue, mostBytes, each => each.Sent.Length + 1);
}
