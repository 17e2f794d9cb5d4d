using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OpCollector.Checkpoints;

/// <summary>A match as a list, because there are many: ticks in UTC, member, whether it is used, value, ids.</summary>
internal sealed class KeptMatchJson : JsonConverter<KeptMatch>
{
    const int BytesOfMost = 128;

    public override KeptMatch Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            return JsonSerializer.Deserialize(ref reader, StateJson.Default.KeptMatchContent) is var (time, texts, number, counted, isTold) && number >= 0 && texts.Count > 0
                ? new KeptMatch(time, texts, number, counted, isTold)
                : throw new JsonException();
        }

        var ticks = Number(ref reader, DateTimeOffset.MaxValue.Ticks);
        var (member, isUsed) = ((int)Number(ref reader, int.MaxValue), Number(ref reader, 1) == 1);
        reader.Read();
        var value = reader.TokenType switch { JsonTokenType.Null => null, JsonTokenType.String => reader.GetString(), _ => throw new JsonException() };
        var ids = new List<string>(1);
        while (reader.Read() && reader.TokenType == JsonTokenType.String)
        {
            ids.Add(reader.GetString()!);
        }

        return reader.TokenType == JsonTokenType.EndArray && ids.Count > 0
            ? new KeptMatch(new DateTimeOffset(ticks, TimeSpan.Zero), [.. ids], member, value, isUsed)
            : throw new JsonException();
    }

    public override void Write(Utf8JsonWriter writer, KeptMatch value, JsonSerializerOptions options) => writer.WriteRawValue(value.Json(), skipInputValidation: true);

    public static byte[] Spelled(KeptMatch match)
    {
        var buffer = new ArrayBufferWriter<byte>(BytesOfMost);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartArray();
        json.WriteNumberValue(match.Time.UtcTicks);
        json.WriteNumberValue(match.Member);
        json.WriteNumberValue(match.IsUsed ? 1 : 0);
        json.WriteStringValue(match.Value);
        foreach (var id in match.Ids)
        {
            json.WriteStringValue(id);
        }

        json.WriteEndArray();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    static long Number(ref Utf8JsonReader reader, long most) =>
        reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number) && number >= 0 && number <= most
            ? number
            : throw new JsonException();
}
