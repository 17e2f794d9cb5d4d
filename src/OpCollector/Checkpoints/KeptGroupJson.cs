using System.Text.Json;
using System.Text.Json.Serialization;

namespace OpCollector.Checkpoints;

/// <summary>Puts a group together from the bytes that its matches have already, so that a page costs what has changed.</summary>
internal sealed class KeptGroupJson : JsonConverter<KeptGroup>
{
    public static byte[] Spelled(KeptGroup group)
    {
        var head = JsonSerializer.SerializeToUtf8Bytes(new KeptGroupContent(group.Rule, group.Key, group.FiredAt, []), StateJson.Default.KeptGroupContent).AsSpan();
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
        JsonSerializer.Deserialize(ref reader, StateJson.Default.KeptGroupContent) is var (rule, key, firedAt, matches)
            ? new KeptGroup(rule, key, firedAt, matches)
            : throw new JsonException();

    public override void Write(Utf8JsonWriter writer, KeptGroup value, JsonSerializerOptions options) => writer.WriteRawValue(value.Json(), skipInputValidation: true);
}
