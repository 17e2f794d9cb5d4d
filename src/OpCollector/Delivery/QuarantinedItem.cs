using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using OpCollector.Events;

namespace OpCollector.Delivery;

/// <summary>A line of the quarantine: what cannot be delivered, with its bytes and the reason.</summary>
/// <param name="Why">As the end of a sentence that begins with the item, or with the sink that rejected it.</param>
/// <param name="Status">What the sink answered, if it was asked.</param>
internal sealed record QuarantinedItem(
    string Stream, string Id, string Why, ReadOnlyMemory<byte> Bytes, int? Status = null, string? Answer = null)
{
    // The longest name of a member of the line, with each letter escaped.
    const int LongestName = 64;

    static readonly JsonWriterOptions WriterOptions = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    /// <summary>The name of the route that it was to go by; empty for the sink itself.</summary>
    public string Route { get; init; } = "";

    /// <summary>When it was put there; null for what was not put there yet.</summary>
    public DateTimeOffset? When { get; init; }

    /// <summary>What tells it from every other item: the Events API may give one id to two events.</summary>
    public string Key => KeyOf(Id, Bytes);

    /// <summary>The same in eight bytes, for very many of them.</summary>
    public long ShortKey => BitConverter.ToInt64(SHA256.HashData(Encoding.UTF8.GetBytes(Key)));

    /// <summary>Whether it can be sent in a request. Only a JSON object can: anything else would make the request unreadable.</summary>
    public bool IsDeliverable => Bytes.Span is [(byte)'{', ..] && Utf8.IsValid(Bytes.Span);

    public static string KeyOf(string id, ReadOnlyMemory<byte> bytes) => $"{id} {Convert.ToHexStringLower(SHA256.HashData(bytes.Span))}";

    public static QuarantinedItem Create(string stream, MalformedEvent malformed) =>
        new(stream, malformed.Id, malformed.Why, malformed.Bytes);

    public static QuarantinedItem Create(string stream, RejectedEvent rejected) =>
        new(stream, rejected.Event.Id, rejected.Why, rejected.Event.Bytes, rejected.Status, rejected.Answer);

    /// <summary>The item of a line; null where the line is not ours.</summary>
    public static QuarantinedItem? Read(ReadOnlyMemory<byte> line)
    {
        try
        {
            return SafeJson.Read(line, Parse);
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
        if (Route.Length > 0)
        {
            json.WriteString("route"u8, Route);
        }

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

    // Token by token, and the event as it is there: a document of very many parts takes a dozen times its size.
    static QuarantinedItem Parse(ReadOnlyMemory<byte> line)
    {
        var reader = new Utf8JsonReader(line.Span, PageJson.ReaderOptions);
        var (item, found) = (new QuarantinedItem("", "", "", default), new HashSet<string>());
        ReadOnlyMemory<byte>? bytes = null;
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new NoJsonException("it is not an object");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.ValueSpan.Length <= LongestName ? reader.Text() : "";
            reader.Read();
            found.Add(name);
            var start = (int)reader.TokenStartIndex;
            item = name switch
            {
                "stream" => item with { Stream = ReadText(reader) },
                "route" => item with { Route = ReadText(reader) },
                "id" => item with { Id = ReadText(reader) },
                "why" => item with { Why = ReadText(reader) },
                "status" => item with { Status = reader.GetInt32() },
                "answer" => item with { Answer = reader.GetString() },
                "when" => item with { When = reader.TryGetDateTimeOffset(out var time) ? time : null },
                _ => item,
            };
            bytes = name == "bytes" ? reader.GetBytesFromBase64() : bytes;
            reader.Skip();
            item = name == "event" ? item with { Bytes = line[start..(int)reader.BytesConsumed] } : item;
        }

        // Whatever is behind it is an error.
        reader.Read();
        return found.IsSupersetOf(["stream", "id", "why"]) && (bytes is not null || found.Contains("event"))
            ? item with { Bytes = bytes ?? item.Bytes }
            : throw new NoJsonException("it lacks a member");
    }

    static string ReadText(in Utf8JsonReader reader) => reader.GetString() ?? throw new NoJsonException("it has null where a text belongs");
}
