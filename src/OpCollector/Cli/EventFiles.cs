using System.Text.Json;
using OpCollector.Events;

namespace OpCollector.Cli;

/// <summary>Events from files and pipes: one on each line, or a page as op and the Events API print it.</summary>
internal static class EventFiles
{
    public const string Stdin = "-";

    const int Chunk = 1 << 20;

    /// <summary>Each event with the place it stands at, which is good for complaints. Its bytes are good until the next one.</summary>
    /// <exception cref="Failure">A file cannot be read (64), or a page in it is none (65).</exception>
    public static IEnumerable<(ReadOnlyMemory<byte> Bytes, string Place)> Read(IReadOnlyList<string> files)
    {
        foreach (var file in files.Count == 0 ? [Stdin] : files)
        {
            using var input = Open(file);
            foreach (var (bytes, number) in Lines(input, file))
            {
                yield return (bytes, $"{(file == Stdin ? "stdin" : file)}:{number}");
            }
        }
    }

    static Stream Open(string file)
    {
        try
        {
            return file == Stdin ? Console.OpenStandardInput() : new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            throw new Failure(ExitCode.Usage, $"{file}: cannot be read: {ex.Message}", ex);
        }
    }

    static IEnumerable<(ReadOnlyMemory<byte> Bytes, long Number)> Lines(Stream input, string file)
    {
        var buffer = new byte[2 * Chunk];
        var (start, end, number) = (0, 0, 0L);
        while (true)
        {
            var length = buffer.AsSpan(start, end - start).IndexOf((byte)'\n');
            if (length < 0)
            {
                buffer.AsSpan(start, end - start).CopyTo(buffer);
                (start, end) = (0, end - start);
                if (end == buffer.Length)
                {
                    Array.Resize(ref buffer, 2 * end);
                }

                var read = input.Read(buffer, end, buffer.Length - end);
                if (read > 0)
                {
                    end += read;
                    continue;
                }

                if (end == 0)
                {
                    yield break;
                }

                length = end;
            }

            number++;
            var line = buffer.AsMemory(start, length);
            if (number == 1 && line.Span.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
            {
                line = line[3..];
            }

            line = line.Trim(" \t\r\n"u8);
            if (number == 1 && IsPage(line.Span))
            {
                foreach (var item in Page(buffer.AsMemory(start, end - start), input, file))
                {
                    yield return (item, 1);
                }

                yield break;
            }

            start = Math.Min(end, start + length + 1);
            if (!line.IsEmpty)
            {
                yield return (line, number);
            }
        }
    }

    // An event on one line begins and ends there; a page begins with a bracket, or with a brace that stays open.
    static bool IsPage(ReadOnlySpan<byte> line) =>
        line.IsEmpty ? false : line[0] == (byte)'[' || line is [(byte)'{'] || (line[0] == (byte)'{' && line.StartsWith("{\"items\":["u8));

    static List<ReadOnlyMemory<byte>> Page(ReadOnlyMemory<byte> begun, Stream input, string file)
    {
        using var whole = new MemoryStream();
        whole.Write(begun.Span);
        input.CopyTo(whole);
        var json = (ReadOnlyMemory<byte>)whole.ToArray();
        try
        {
            return PageJson.Items(SafeJson.Read(json, ItemsOf));
        }
        catch (NoJsonException ex)
        {
            throw new Failure(ExitCode.SourceData, $"{file}: is no page of events: {ex.Message}", ex);
        }
    }

    /// <summary>The array of a page of the Events API; of op's pages the page itself.</summary>
    static ReadOnlyMemory<byte> ItemsOf(ReadOnlyMemory<byte> json)
    {
        var reader = new Utf8JsonReader(json.Span, PageJson.ReaderOptions);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return json;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isItems = reader.Is("items"u8);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (isItems)
            {
                return json[start..(int)reader.BytesConsumed];
            }
        }

        throw new NoJsonException("it is neither an array of events nor an object with items");
    }
}
