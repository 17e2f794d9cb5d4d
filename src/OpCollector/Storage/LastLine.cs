using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using OpCollector.Events;

namespace OpCollector.Storage;

/// <summary>The end of a file of lines, which a crash, a power cut or an editor may have left without a line break.</summary>
internal static class LastLine
{
    // A longer one is not ours, whatever it begins with, and nobody wants it in memory.
    const int Most = 64 * 1024 * 1024;

    /// <summary>Ends the file with a whole line and says where the next one begins.</summary>
    public static long Repair(SafeFileHandle file)
    {
        var length = RandomAccess.GetLength(file);
        var end = End(file, length);
        Span<byte> first = stackalloc byte[1];
        if (end == length || RandomAccess.Read(file, first, end) == 0)
        {
            return end;
        }

        // Our lines begin with a brace, and a power cut leaves zeros. Anything else was there before us, and is not ours to cut;
        // nor is a line that only lacks its end, as some editors leave it: what it holds may be nowhere else.
        if (first[0] != 0 && (first[0] != (byte)'{' || length - end > Most || IsWhole(file, end, (int)(length - end))))
        {
            RegularFile.Write(file, "\n"u8, length);
            return length + 1;
        }

        RandomAccess.SetLength(file, end);
        return end;
    }

    // Token by token: a document of very many parts takes a dozen times its size.
    static bool IsWhole(SafeFileHandle file, long start, int length)
    {
        try
        {
            return SafeJson.Read<bool>(RegularFile.Content(file, start, length), line =>
            {
                var reader = new Utf8JsonReader(line.Span, PageJson.ReaderOptions);
                while (reader.Read())
                {
                    // Only whether it ends.
                }

                return true;
            });
        }
        catch (NoJsonException)
        {
            return false;
        }
    }

    static long End(SafeFileHandle file, long end)
    {
        Span<byte> block = stackalloc byte[16 * 1024];
        while (end > 0)
        {
            var start = Math.Max(0, end - block.Length);
            var length = RandomAccess.Read(file, block[..(int)(end - start)], start);
            var lineBreak = block[..length].LastIndexOf((byte)'\n');
            if (lineBreak >= 0)
            {
                return start + lineBreak + 1;
            }

            end = start;
        }

        return 0;
    }
}
