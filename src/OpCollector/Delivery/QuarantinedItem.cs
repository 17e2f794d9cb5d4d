using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using OpCollector.Events;

namespace OpCollector.Delivery;

/// <summary>A line of the quarantine: what cannot be delivered, with its bytes and the reason.</summary>
/// <param name="Why">As the end of a sentence that begins with the item, or with the sink that refused it.</param>
/// <param name="Status">What the sink answered, if it was asked.</param>
internal sealed record QuarantinedItem(string Stream, string Id, string Why, ReadOnlyMemory<byte> Bytes, int? Status = null, string? Answer = null)
{
    static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    static readonly JsonDocumentOptions ReaderOptions = new() { MaxDepth = PageJson.ReaderOptions.MaxDepth };

    /// <summary>When it was put there; null for what lies nowhere yet.</summary>
    public DateTimeOffset? When { get; init; }

    /// <summary>What tells it from every other item: the Events API may give one id to two events.</summary>
    public string Key => KeyOf(Id, Bytes);

    /// <summary>The same in eight bytes, for very many of them.</summary>
    public long ShortKey => BitConverter.ToInt64(SHA256.HashData(Encoding.UTF8.GetBytes(Key)));

    /// <summary>Whether it can stand in a request. What is no JSON object would make nonsense of its neighbours.</summary>
    public bool IsDeliverable => Bytes.Span is [(byte)'{', ..] && Utf8.IsValid(Bytes.Span);

    public static string KeyOf(string id, ReadOnlyMemory<byte> bytes) => $"{id} {Convert.ToHexStringLower(SHA256.HashData(bytes.Span))}";

    public static IReadOnlyList<QuarantinedItem> Of(string stream, IReadOnlyList<MalformedEvent> malformed, IReadOnlyList<RefusedEvent> refused) =>
    [
        .. malformed.Select(each => new QuarantinedItem(stream, each.Id, each.Why, each.Bytes)),
        .. refused.Select(each => Of(stream, each)),
    ];

    public static QuarantinedItem Of(string stream, RefusedEvent refused) =>
        new(stream, refused.Event.Id, refused.Why, refused.Event.Bytes, refused.Status, refused.Answer);

    /// <summary>The item of a line; null where the line is none of ours.</summary>
    public static QuarantinedItem? Read(ReadOnlyMemory<byte> line)
    {
        try
        {
            return SafeJson.Read(line, In);
        }
        catch (NoJsonException)
        {
            return null;
        }
    }

    public void WriteTo(ArrayBufferWriter<byte> lines, DateTimeOffset now)
    {
        using var json = new Utf8JsonWriter(lines, WriterOptions);
        json.WriteStartObject();
        json.WriteString("when"u8, now);
        json.WriteString("stream"u8, Stream);
        json.WriteString("id"u8, Id);
        json.WriteString("why"u8, Why);
        if (Status is { } status)
        {
            json.WriteNumber("status"u8, status);
        }

        if (Answer is { } answer)
        {
            json.WriteString("answer"u8, answer);
        }

        if (IsDeliverable)
        {
            json.WritePropertyName("event"u8);
            json.WriteRawValue(Bytes.Span, skipInputValidation: true);
        }
        else
        {
            json.WriteBase64String("bytes"u8, Bytes.Span);
        }

        json.WriteEndObject();
        json.Flush();
        lines.Write("\n"u8);
    }

    static string Text(JsonElement item, ReadOnlySpan<byte> name) =>
        item.GetProperty(name).GetString() ?? throw new NoJsonException("it has null where a text belongs");

    static QuarantinedItem In(ReadOnlyMemory<byte> line)
    {
        // As it is: the event's bytes are handed on.
        using var json = SafeJson.ParseAsItIs(line, ReaderOptions);
        var item = json.RootElement;
        return new QuarantinedItem(
            Text(item, "stream"u8),
            Text(item, "id"u8),
            Text(item, "why"u8),
            item.TryGetProperty("bytes"u8, out var bytes) ? bytes.GetBytesFromBase64() : System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(item.GetProperty("event"u8)).ToArray(),
            item.TryGetProperty("status"u8, out var status) ? status.GetInt32() : null,
            item.TryGetProperty("answer"u8, out var answer) ? answer.GetString() : null)
        {
            When = item.TryGetProperty("when"u8, out var when) && when.TryGetDateTimeOffset(out var time) ? time : null,
        };
    }
}
