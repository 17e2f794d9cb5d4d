using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OpCollector.Detection.Sigma.Correlations;

/// <summary>
/// What a correlation remembers of one group, from one run to the next. All groups are written with every page, and spelled out only when
/// they change.
/// </summary>
/// <param name="Rule">The id of the correlation.</param>
/// <param name="Key">What its matches have in common.</param>
/// <param name="FiredAt">The time of its last finding; null where there was none.</param>
[JsonConverter(typeof(KeptGroupJson))]
internal sealed record KeptGroup(string Rule, string Key, DateTimeOffset? FiredAt, IReadOnlyList<KeptMatch> Matches)
{
    byte[]? _json;

    /// <summary>How it is written to the disk.</summary>
    public ReadOnlySpan<byte> Json() => _json ??= KeptGroupJson.Spelled(this);
}

/// <summary>How a <see cref="KeptGroup"/> is read.</summary>
internal sealed record KeptGroupContent(string Rule, string Key, DateTimeOffset? FiredAt, IReadOnlyList<KeptMatch> Matches);

/// <summary>Puts a group together from the bytes that its matches have already, so that a page costs what has changed.</summary>
internal sealed class KeptGroupJson : JsonConverter<KeptGroup>
{
    public static byte[] Spelled(KeptGroup group)
    {
        var head = JsonSerializer.SerializeToUtf8Bytes(
            new KeptGroupContent(group.Rule, group.Key, group.FiredAt, []),
            KeptJson.Default.KeptGroupContent).AsSpan();
        var end = "]}"u8;
        var length = head.Length + Math.Max(0, group.Matches.Count - 1);
        foreach (var match in group.Matches)
        {
            length += match.Json().Length;
        }

        var json = new byte[length];
        head[..^end.Length].CopyTo(json);
        var at = head.Length - end.Length;
        foreach (var match in group.Matches)
        {
            if (json[at - 1] == (byte)']')
            {
                json[at++] = (byte)',';
            }

            match.Json().CopyTo(json.AsSpan(at));
            at += match.Json().Length;
        }

        end.CopyTo(json.AsSpan(at));
        return json;
    }

    public override KeptGroup Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonSerializer.Deserialize(ref reader, KeptJson.Default.KeptGroupContent) is var (rule, key, firedAt, matches)
            ? new KeptGroup(rule, key, firedAt, matches)
            : throw new JsonException();

    public override void Write(Utf8JsonWriter writer, KeptGroup value, JsonSerializerOptions options) =>
        writer.WriteRawValue(value.Json(), skipInputValidation: true);
}

/// <summary>
/// A match in a <see cref="KeptGroup"/>: when, the ids of the events it rests on, and which part of the correlation it is.
/// </summary>
/// <param name="Value">What is counted, where values are.</param>
/// <param name="IsUsed">Whether a finding has reported it already.</param>
[JsonConverter(typeof(KeptMatchJson))]
internal sealed record KeptMatch(DateTimeOffset Time, IReadOnlyList<string> Ids, int Member, string? Value, bool IsUsed)
{
    byte[]? _json;

    /// <summary>How it is written to the disk: spelled out once, because all matches are written with every page.</summary>
    public ReadOnlySpan<byte> Json() => _json ??= KeptMatchJson.Spelled(this);
}

/// <summary>How older versions wrote a <see cref="KeptMatch"/>: with the names of its members, which took more room than it.</summary>
internal sealed record KeptMatchContent(DateTimeOffset Time, IReadOnlyList<string> Ids, int Member, string? Value, bool IsUsed);

/// <summary>A match as a list, because there are many: ticks in UTC, member, whether it is used, value, ids.</summary>
internal sealed class KeptMatchJson : JsonConverter<KeptMatch>
{
    const int BytesOfMost = 128;

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

    public override void Write(Utf8JsonWriter writer, KeptMatch value, JsonSerializerOptions options) =>
        writer.WriteRawValue(value.Json(), skipInputValidation: true);

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

/// <summary>The JSON of what correlations remember, without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(KeptGroup))]
[JsonSerializable(typeof(KeptGroupContent))]
[JsonSerializable(typeof(KeptMatchContent))]
internal sealed partial class KeptJson : JsonSerializerContext;
