using System.Text.Json;
using OpCollector.Events;

namespace OpCollector.Enrichment;

/// <summary>Reads a list of users, groups or vaults as op prints it: 0.x and 1.x, and 2.x with <c>--format json</c>.</summary>
internal static class NameListJson
{
    // An item's depth is op's business, as an event's is.
    static readonly JsonDocumentOptions Options = new() { MaxDepth = PageJson.ReaderOptions.MaxDepth };

    /// <summary>What in it has a uuid and a name or an e-mail. Everything else there is passed over, keys above all.</summary>
    /// <exception cref="JsonException">It is no list.</exception>
    public static IReadOnlyList<NamedThing> Read(ReadOnlyMemory<byte> json)
    {
        // 0.x prints null for an empty list.
        using var list = JsonDocument.Parse(json.Span.Trim(" \t\r\n"u8).IsEmpty ? "[]"u8.ToArray() : json, Options);
        return list.RootElement.ValueKind switch
        {
            JsonValueKind.Array => [.. list.RootElement.EnumerateArray().Select(Read).OfType<NamedThing>().DistinctBy(each => each.Uuid)],
            JsonValueKind.Null => [],
            _ => throw new JsonException("not an array"),
        };
    }

    /// <summary>The members of a group, as <c>op list users --group=…</c> prints them: each with a role in it.</summary>
    /// <exception cref="Failure">These are no members (65): op 0.x passes over options that it does not know, and prints all users.</exception>
    /// <exception cref="JsonException">It is no list.</exception>
    public static IReadOnlyList<NamedThing> ReadMembers(ReadOnlyMemory<byte> json)
    {
        using var list = JsonDocument.Parse(json.Span.Trim(" \t\r\n"u8).IsEmpty ? "[]"u8.ToArray() : json, Options);
        JsonElement[] users = list.RootElement.ValueKind == JsonValueKind.Array ? [.. list.RootElement.EnumerateArray()] : [];
        return users.All(user => Text(user, "role") is not null)
            ? [.. users.Select(user => Text(user, "uuid")).OfType<string>().Distinct().Select(uuid => new NamedThing(uuid))]
            : throw new Failure(ExitCode.SourceData, "op list users --group printed users without a role in the group: this op does not list the members of groups, and everybody would pass for one");
    }

    static NamedThing? Read(JsonElement item)
    {
        var uuid = Text(item, "uuid") ?? Text(item, "id");
        // 0.x knows the parts of a name only.
        var name = Text(item, "name") ?? (string.Join(' ', new[] { Text(item, "firstName"), Text(item, "lastName") }.OfType<string>()) is { Length: > 0 } parts ? parts : null);
        var email = Text(item, "email");
        return uuid is null || (name ?? email) is null ? null : new NamedThing(uuid, name, email);
    }

    static string? Text(JsonElement item, string member)
    {
        try
        {
            return item.ValueKind == JsonValueKind.Object && item.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String && value.GetString()?.Trim() is { Length: > 0 } text ? text : null;
        }
        catch (InvalidOperationException)
        {
            // Half a character, or no UTF-8: nothing that could stand in a sentence.
            return null;
        }
    }
}
