using System.IO.Hashing;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace OpCollector.Sources.Op;

/// <summary>
/// A line of a walk: JSON, and behind a tab a checksum of it and of all lines before it, so that no byte can turn and no line can go
/// missing without being noticed. Walks of earlier versions have lines without one.
/// </summary>
/// <param name="Sum">The checksum; where the line has none, that of the line before it.</param>
internal sealed record WalkLine(long Start, int Length, ReadOnlyMemory<byte> Json, ulong Sum)
{
    // A page of op is a small part of it: what is longer was not written by us.
    const int Most = 64 * 1024 * 1024;
    const int SumLength = 1 + 16;

    /// <summary>Whether the line has a checksum of its own.</summary>
    public bool IsSealed => Length == Json.Length + SumLength + 1;

    /// <summary>The line as it is in the file.</summary>
    public byte[] Bytes => [.. Json.Span, .. End(Sum)];

    /// <param name="before">The checksum of the line before it; 0 for the first.</param>
    public static WalkLine Create(long start, ReadOnlyMemory<byte> json, ulong before) =>
        new(start, json.Length + SumLength + 1, json, SumOf(json.Span, before));

    /// <summary>The line that is there; null where it is torn or has another checksum than it should have.</summary>
    public static WalkLine? Read(SafeFileHandle file, long start, int length, ulong before)
    {
        var line = new byte[length];
        for (var read = 0; read < length;)
        {
            var some = RandomAccess.Read(file, line.AsSpan(read), start + read);
            if (some == 0)
            {
                return null;
            }

            read += some;
        }

        if (length <= SumLength || line[^(SumLength + 1)] != '\t')
        {
            return new WalkLine(start, length, line.AsMemory(0, length - 1), before);
        }

        var json = line.AsMemory(0, length - SumLength - 1);
        var sum = SumOf(json.Span, before);
        return line.AsSpan(json.Length).SequenceEqual(End(sum)) ? new WalkLine(start, length, json, sum) : null;
    }

    /// <summary>The whole lines from a place on, up to the first that is not as it was written.</summary>
    public static IEnumerable<WalkLine> ReadAll(SafeFileHandle file, long start, ulong before)
    {
        while (EndOfLine(file, start) is { } end && Read(file, start, (int)(end - start), before) is { } line)
        {
            yield return line;
            (start, before) = (end, line.Sum);
        }
    }

    static byte[] End(ulong sum) => Encoding.ASCII.GetBytes($"\t{sum:x16}\n");

    static ulong SumOf(ReadOnlySpan<byte> json, ulong before) => XxHash3.HashToUInt64(json, (long)before);

    static long? EndOfLine(SafeFileHandle file, long start)
    {
        var block = new byte[64 * 1024];
        for (var at = start; at - start < Most && RandomAccess.Read(file, block, at) is > 0 and var length; at += length)
        {
            if (block.AsSpan(0, length).IndexOf((byte)'\n') is >= 0 and var end)
            {
                return at + end + 1;
            }
        }

        return null;
    }
}
