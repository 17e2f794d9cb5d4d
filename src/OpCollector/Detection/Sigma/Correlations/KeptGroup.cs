using System.Text.Json;
using System.Text.Json.Serialization;

namespace OpCollector.Detection.Sigma.Correlations;

/// <summary>What a correlation of an earlier version remembered of one group: it was in the checkpoint then.</summary>
/// <param name="Rule">The id of the correlation.</param>
/// <param name="Key">What its matches have in common.</param>
/// <param name="FiredAt">The time of its last finding; null where there was none.</param>
internal sealed record KeptGroup(string Rule, string Key, DateTimeOffset? FiredAt, IReadOnlyList<KeptMatch> Matches);

/// <summary>
/// A match in a <see cref="KeptGroup"/>: when, the ids of the events it rests on, and which part of the correlation it is.
/// </summary>
/// <param name="Value">What is counted, where values are.</param>
/// <param name="IsUsed">Whether a finding has reported it already.</param>
[JsonConverter(typeof(KeptMatchJson))]
internal sealed record KeptMatch(DateTimeOffset Time, IReadOnlyList<string> Ids, int Member, string? Value, bool IsUsed);

/// <summary>How older versions wrote a <see cref="KeptMatch"/>: with the names of its members, which took more room than it.</summary>
internal sealed record KeptMatchContent(DateTimeOffset Time, IReadOnlyList<string> Ids, int Member, string? Value, bool IsUsed);

/// <summary>A match as a list, because there are many: ticks in UTC, member, whether it is used, value, ids.</summary>
internal sealed class KeptMatchJson : JsonConverter<KeptMatch>
{
    public override KeptMatch Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            return JsonSerializer.Deserialize(ref reader, KeptJson.Default.KeptMatchContent) is var (time, texts, number, counted, isTold)
                && number >= 0
                && texts.Count > 0
                ? new KeptMatch(time, texts, number, counted, isTold)
                : throw new JsonException();
        }

        var ticks = Number(ref reader, DateTimeOffset.MaxValue.Ticks);
        var (member, isUsed) = ((int)Number(ref reader, int.MaxValue), Number(ref reader, 1) == 1);
        reader.Read();
        var value = reader.TokenType switch
        {
            JsonTokenType.Null =>
            null,
            JsonTokenType.String => reader.GetString(),
            _ => throw new JsonException()
        };
        var ids = new List<string>(1);
        while (reader.Read() && reader.TokenType == JsonTokenType.String)
        {
            ids.Add(reader.GetString()!);
        }

        return reader.TokenType == JsonTokenType.EndArray && ids.Count > 0
            ? new KeptMatch(new DateTimeOffset(ticks, TimeSpan.Zero), [.. ids], member, value, isUsed)
            : throw new JsonException();
    }

    public override void Write(Utf8JsonWriter writer, KeptMatch value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        writer.WriteNumberValue(value.Time.UtcTicks);
        writer.WriteNumberValue(value.Member);
        writer.WriteNumberValue(value.IsUsed ? 1 : 0);
        writer.WriteStringValue(value.Value);
        foreach (var id in value.Ids)
        {
            writer.WriteStringValue(id);
        }

        writer.WriteEndArray();
    }

    static long Number(ref Utf8JsonReader reader, long most) =>
        reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number) && number >= 0 && number <= most
            ? number
            : throw new JsonException();
}

/// <summary>The JSON of what older versions wrote, without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(KeptGroup))]
[JsonSerializable(typeof(KeptMatchContent))]
internal sealed partial class KeptJson : JsonSerializerContext;
