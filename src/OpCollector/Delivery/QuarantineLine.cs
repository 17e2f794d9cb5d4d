using Microsoft.Win32.SafeHandles;
using OpCollector.Sources;

namespace OpCollector.Delivery;

/// <summary>A line of the quarantine's file, and where in it.</summary>
/// <param name="Length">With its line break, where it has one.</param>
/// <param name="Bytes">Without it; empty where the line is too large to be looked at.</param>
internal readonly record struct QuarantineLine(long Start, long Length, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>The most of a line that is looked at: what is larger stays in the file and is not sent.</summary>
    public const int Most = 16 * 1024 * 1024;

    // What our lines begin with, once their first byte is gone.
    static ReadOnlySpan<byte> Rest => "\"when\":"u8;

    /// <summary>What makes a line one that is gone: one byte, which a crash cannot tear.</summary>
    public static ReadOnlySpan<byte> GoneByte => " "u8;

    /// <summary>Whether it was not looked at, because it is too large.</summary>
    public bool IsUnread => Bytes.IsEmpty && Length > 1;

    /// <summary>Whether that may be an item, by how it begins: zeros, for instance, are not one.</summary>
    public bool IsTooLarge { get; init; }

    /// <summary>Whether what it held was delivered after all.</summary>
    public bool IsGone => Bytes.Span.StartsWith(GoneByte) && Bytes.Span[1..].StartsWith(Rest);

    /// <summary>The lines of a file now, read bit by bit.</summary>
    public static IEnumerable<QuarantineLine> ReadAll(SafeFileHandle file)
    {
        var block = new byte[64 * 1024];
        var (start, line) = (0L, new MemoryStream());
        var end = RandomAccess.GetLength(file);
        for (var at = 0L; at < end && RandomAccess.Read(file, block, at) is > 0 and var length; at += length)
        {
            for (var from = 0; from < length;)
            {
                var lineBreak = block.AsSpan(from, length - from).IndexOf((byte)'\n');
                var some = lineBreak < 0 ? length - from : lineBreak;
                if (at + from + some - start <= Most)
                {
                    line.Write(block, from, some);
                }

                from += some;
                if (lineBreak >= 0)
                {
                    yield return Whole(start, at + ++from - start, hasBreak: 1, line);
                    start = at + from;
                }
            }
        }

        if (start < end)
        {
            yield return Whole(start, end - start, hasBreak: 0, line);
        }
    }

    static QuarantineLine Whole(long start, long length, int hasBreak, MemoryStream line)
    {
        var bytes = line.Length == length - hasBreak ? line.ToArray() : [];
        var isTooLarge = bytes.Length == 0 && length > 1 && line.Length > 0 && line.GetBuffer()[0] == (byte)'{';
        line.SetLength(0);
        line.Capacity = Math.Min(line.Capacity, 64 * 1024);
        return new QuarantineLine(start, length, bytes) { IsTooLarge = isTooLarge };
    }
}
