using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace OpCollector.Tests.Fuzzing;

/// <summary>What a source showed, read by somebody else than the program: whether it is a page at all, and its items in order.</summary>
/// <param name="Items">Null where it is none.</param>
internal sealed record Shown(IReadOnlyList<string>? Items, string? Cursor = null)
{
    static readonly JsonDocumentOptions Options = new() { MaxDepth = 100_000 };

    public static Shown ByOp(byte[] printed)
    {
        using var json = Parse(printed);
        return json?.RootElement.ValueKind switch
        {
            JsonValueKind.Array => new Shown(ItemsOf(json.RootElement)),
            JsonValueKind.Null => new Shown([]),
            _ => new Shown(printed.AsSpan().Trim(" \t\r\n"u8).IsEmpty ? [] : null),
        };
    }

    public static Shown ByEventsApi(byte[] answer)
    {
        using var json = Parse(answer);
        return json?.RootElement is { ValueKind: JsonValueKind.Object } root
            && Member(root, "items") is { ValueKind: JsonValueKind.Array } items
            && Member(root, "cursor") is { ValueKind: JsonValueKind.String } cursor
                ? new Shown(ItemsOf(items), Encoding.Latin1.GetString(JsonMarshal.GetRawUtf8Value(cursor)).Trim('"'))
                : new Shown(Items: null);
    }

    /// <summary>The id of an event of op; null where it has none.</summary>
    public static long? Eid(string item)
    {
        using var json = JsonDocument.Parse(Encoding.Latin1.GetBytes(item), Options);
        return Member(json.RootElement, "eid") is { ValueKind: JsonValueKind.Number } eid && eid.TryGetInt64(out var number)
            ? number
            : null;
    }

    // By the bytes of the name, which may hold half a character; of a doubled member the last one.
    static JsonElement? Member(JsonElement json, string name) => json.ValueKind != JsonValueKind.Object ? null : json.EnumerateObject()
        .Where(member => JsonMarshal.GetRawUtf8PropertyName(member).SequenceEqual(Encoding.UTF8.GetBytes(name)))
        .Select(member => (JsonElement?)member.Value)
        .LastOrDefault();

    static string[] ItemsOf(JsonElement array) => [.. array.EnumerateArray().Select(item => Books.Bare(JsonMarshal.GetRawUtf8Value(item)))];

    static JsonDocument? Parse(byte[] text)
    {
        try
        {
            return JsonDocument.Parse(text.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? text.AsMemory(3) : text, Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
