using System.Text.Json;

namespace SiemEmulator.Receivers;

/// <summary>Reads concatenated envelopes until one is wrong (help.splunk.com "Format events for HTTP Event Collector").</summary>
internal static class HecEnvelopes
{
    static readonly string[] Texts = ["host", "source", "sourcetype", "index"];
    static readonly string[] Members = [.. Texts, "time", "event", "fields"];

    public static IEnumerable<(SiemEvent? Event, HecReply? Error)> Of(byte[] body, IReadOnlyList<string> indexes)
    {
        var position = 0;
        while (!body.AsSpan(position).Trim(" \t\r\n"u8).IsEmpty)
        {
            var (envelope, length) = Next(body.AsSpan(position));
            using (envelope)
            {
                var error = envelope is null ? HecReply.InvalidDataFormat : Complaint(envelope.RootElement, indexes);
                yield return (envelope is null ? null : EventOf(envelope.RootElement), error);
                if (error is not null)
                {
                    yield break;
                }
            }

            position += length;
        }
    }

    static (JsonDocument? Envelope, int Length) Next(ReadOnlySpan<byte> body)
    {
        // Envelopes follow one another directly or with white space between them.
        var json = new Utf8JsonReader(body, new JsonReaderOptions { AllowMultipleValues = true });
        try
        {
            return (JsonDocument.ParseValue(ref json), (int)json.BytesConsumed);
        }
        catch (JsonException)
        {
            return (null, 0);
        }
    }

    static HecReply? Complaint(JsonElement envelope, IReadOnlyList<string> indexes)
    {
        // A batch is "stacked one after the other", not an array, and the keys of an envelope are these and no others.
        if (envelope.ValueKind != JsonValueKind.Object || envelope.EnumerateObject().Any(member => !Members.Contains(member.Name)))
        {
            return HecReply.InvalidDataFormat;
        }

        if (!envelope.TryGetProperty("event", out var inner) || inner.ValueKind == JsonValueKind.Null)
        {
            return HecReply.EventRequired;
        }

        if (inner.ValueKind == JsonValueKind.String && string.IsNullOrWhiteSpace(inner.GetString()))
        {
            return HecReply.EventBlank;
        }

        // "time": epoch seconds with a fraction; the other keys are strings.
        if ((envelope.TryGetProperty("time", out var time) && time.ValueKind != JsonValueKind.Number)
            || Texts.Any(name => envelope.TryGetProperty(name, out var text) && text.ValueKind != JsonValueKind.String))
        {
            return HecReply.InvalidDataFormat;
        }

        // "fields": "a flat (not nested) list"; a field with several values is an array of them.
        if (envelope.TryGetProperty("fields", out var fields)
            && (fields.ValueKind != JsonValueKind.Object || fields.EnumerateObject().Any(field => !IsFlat(field.Value))))
        {
            return HecReply.IndexedFields;
        }

        return indexes.Count > 0 && envelope.TryGetProperty("index", out var index) && !indexes.Contains(index.GetString())
            ? HecReply.IncorrectIndex
            : null;
    }

    static bool IsFlat(JsonElement value) => value.ValueKind == JsonValueKind.Array
        ? value.EnumerateArray().All(each => each.ValueKind is not (JsonValueKind.Array or JsonValueKind.Object))
        : value.ValueKind != JsonValueKind.Object;

    static SiemEvent? EventOf(JsonElement envelope) =>
        envelope.ValueKind == JsonValueKind.Object && envelope.TryGetProperty("event", out var inner) ? SiemEvent.Of(inner) : null;
}
