using System.Buffers;

namespace OpCollector.Delivery;

/// <summary>Puts events one after another, bytes untouched: as a JSON array, or one on each line.</summary>
internal static class Framing
{
    public static ReadOnlyMemory<byte> Array(Batch batch)
    {
        var body = new ArrayBufferWriter<byte>(batch.Events.Sum(each => each.Bytes.Length + 1) + 2);
        var separator = "["u8;
        foreach (var each in batch.Events)
        {
            body.Write(separator);
            body.Write(each.Bytes.Span);
            separator = ","u8;
        }

        body.Write("]"u8);
        return body.WrittenMemory;
    }

    public static ReadOnlyMemory<byte> Lines(Batch batch)
    {
        var lines = new ArrayBufferWriter<byte>(batch.Events.Sum(each => each.Bytes.Length + 1) + 1);
        foreach (var each in batch.Events)
        {
            lines.Write(each.Bytes.Span);
            lines.Write("\n"u8);
        }

        return lines.WrittenMemory;
    }
}
