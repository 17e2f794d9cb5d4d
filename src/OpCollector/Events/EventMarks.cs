using System.Text;
using System.Text.Json;

namespace OpCollector.Events;

/// <summary>
/// What a file tells of an event that no source has tagged. The stream is the one the event says itself, else the one whose
/// documented members it has; a source tags its events and is never guessed at.
/// </summary>
/// <param name="Stream">Null where nothing tells.</param>
/// <param name="Time">Null where the event does not say so in a form we can read.</param>
/// <param name="IsFinding">A finding that was delivered between the events is none of them.</param>
internal readonly record struct EventMarks(string? Stream, string Id, DateTimeOffset? Time, bool IsFinding)
{
    /// <exception cref="JsonException">It is no JSON object, or more than one.</exception>
    public static EventMarks Read(ReadOnlyMemory<byte> json)
    {
        var reader = new Utf8JsonReader(json.Span, PageJson.ReaderOptions);
        if (!System.Text.Unicode.Utf8.IsValid(json.Span) || !reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("no JSON object");
        }

        var (said, recognized, id, isFinding) = ((string?)null, (string?)null, (string?)null, false);
        DateTimeOffset? time = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("eid"u8) || reader.ValueTextEquals("uuid"u8))
            {
                recognized ??= reader.ValueTextEquals("eid"u8) ? Streams.Audit : null;
                reader.Read();
                id = reader.TokenType is JsonTokenType.Number or JsonTokenType.String ? Encoding.UTF8.GetString(reader.ValueSpan) : id;
            }
            else if (reader.ValueTextEquals("time"u8) || reader.ValueTextEquals("timestamp"u8))
            {
                reader.Read();
                time = reader.TokenType == JsonTokenType.String && reader.TryGetDateTimeOffset(out var value) ? value : null;
            }
            else if (reader.ValueTextEquals("stream"u8))
            {
                reader.Read();
                said = reader.TokenType == JsonTokenType.String ? Said(ref reader) : null;
            }
            else if (reader.ValueTextEquals("kind"u8))
            {
                reader.Read();
                isFinding = reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("finding"u8);
            }
            else
            {
                recognized ??= OfMember(ref reader);
                reader.Read();
            }

            reader.Skip();
        }

        // Reading on finds what stands behind the object.
        reader.Read();
        return new EventMarks(said ?? recognized, id ?? new MalformedEvent(json, "has no id").Id, time, isFinding);
    }

    // https://developer.1password.com/docs/events-api/reference: each of these belongs to one stream alone.
    static string? OfMember(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("object_type"u8) || reader.ValueTextEquals("actor_uuid"u8) ? Streams.Audit
        : reader.ValueTextEquals("target_user"u8) || reader.ValueTextEquals("session_uuid"u8) ? Streams.SignIn
        : reader.ValueTextEquals("item_uuid"u8) || reader.ValueTextEquals("used_version"u8) ? Streams.ItemUsage
        : null;

    static string? Said(ref Utf8JsonReader reader)
    {
        foreach (var stream in Streams.All)
        {
            if (reader.ValueTextEquals(stream))
            {
                return stream;
            }
        }

        return null;
    }
}
