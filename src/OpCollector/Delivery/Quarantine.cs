using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using OpCollector.Checkpoints;
using OpCollector.Events;

namespace OpCollector.Delivery;

/// <summary>
/// The file in which what cannot be delivered lies with the reason, durable before the checkpoint passes it. An id counts
/// once, however often it comes.
/// </summary>
internal sealed class Quarantine(string path, string lockPath, TimeProvider time)
{
    static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public string FullPath => path;

    public bool IsEmpty => !File.Exists(path) || new FileInfo(path).Length == 0;

    /// <summary>Adds what is not there yet.</summary>
    /// <returns>How many were added.</returns>
    public int Add(string stream, IReadOnlyList<MalformedEvent> malformed)
    {
        if (malformed.Count == 0)
        {
            return 0;
        }

        using var held = FileLock.Take(lockPath);
        var known = Ids();
        var lines = new ArrayBufferWriter<byte>();
        var added = 0;
        foreach (var each in malformed.Where(each => known.Add(each.Id)))
        {
            WriteLine(lines, stream, each, time.GetUtcNow());
            added++;
        }

        if (added > 0)
        {
            DurableFile.AppendLines(path, lines.WrittenSpan);
        }

        return added;
    }

    /// <summary>The ids that lie in the file. A line that is none of ours is passed over.</summary>
    public HashSet<string> Ids()
    {
        try
        {
            return File.Exists(path) ? [.. File.ReadLines(path).Select(IdOf).OfType<string>()] : [];
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            throw DurableFile.Failed(path, ex);
        }
    }

    static string? IdOf(string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = PageJson.ReaderOptions.MaxDepth });
            return json.RootElement.TryGetProperty("id"u8, out var id) ? id.GetString() : null;
        }
        catch (Exception ex) when (ex is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    static void WriteLine(ArrayBufferWriter<byte> lines, string stream, MalformedEvent malformed, DateTimeOffset now)
    {
        using var json = new Utf8JsonWriter(lines, WriterOptions);
        json.WriteStartObject();
        json.WriteString("when"u8, now);
        json.WriteString("stream"u8, stream);
        json.WriteString("id"u8, malformed.Id);
        json.WriteString("why"u8, malformed.Why);
        if (malformed.Bytes.Span[0] == (byte)'{' && Utf8.IsValid(malformed.Bytes.Span))
        {
            json.WritePropertyName("event"u8);
            json.WriteRawValue(malformed.Bytes.Span, skipInputValidation: true);
        }
        else
        {
            json.WriteBase64String("bytes"u8, malformed.Bytes.Span);
        }

        json.WriteEndObject();
        json.Flush();
        lines.Write("\n"u8);
    }
}
