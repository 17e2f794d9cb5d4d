using System.Text.Json;
using OpCollector.Events;

namespace OpCollector.Enrichment;

/// <summary>Reads a list of users, groups or vaults as op prints it: 0.x and 1.x, and 2.x with <c>--format json</c>.</summary>
internal static class NameListJson
{
    // An item's depth is op's business, as an event's is.
    static readonly JsonDocumentOptions Options = new() { MaxDepth = PageJson.ReaderOptions.MaxDepth };

    /// <summary>What in it has a uuid and a name or an e-mail. Everything else there is passed over, keys above all.</summary>
    /// <exception cref="NoJsonException">It is no list.</exception>
    public static IReadOnlyList<NamedThing> Read(ReadOnlyMemory<byte> json)
    {
        // 0.x prints null for an empty list.
        using var list = SafeJson.Parse(json.Span.Trim(" \t\r\n"u8).IsEmpty ? "[]"u8.ToArray() : json, Options);
        return list.RootElement.ValueKind switch
        {
            JsonValueKind.Array => [.. list.RootElement.EnumerateArray().Select(Read).OfType<NamedThing>().DistinctBy(each => each.Uuid)],
            JsonValueKind.Null => [],
            _ => throw new NoJsonException("it is no list"),
        };
    }

    /// <summary>The members of a group, as <c>op list users --group=…</c> prints them: each with a role in it.</summary>
    /// <exception cref="Failure">These are no members (65): op 0.x passes over options that it does not know, and prints all users.</exception>
    /// <exception cref="NoJsonException">It is no list.</exception>
    public static IReadOnlyList<NamedThing> ReadMembers(ReadOnlyMemory<byte> json)
    {
        using var list = SafeJson.Parse(json.Span.Trim(" \t\r\n"u8).IsEmpty ? "[]"u8.ToArray() : json, Options);
        JsonElement[] users = list.RootElement.ValueKind == JsonValueKind.Array ? [.. list.RootElement.EnumerateArray()] : [];
        return users.All(user => Text(user, "role"u8) is not null)
            ? [.. users.Select(user => Text(user, "uuid"u8)).OfType<string>().Distinct().Select(uuid => new NamedThing(uuid))]
            : throw new Failure(ExitCode.SourceData, "op list users --group printed users without a role in the group: this op does not list the members of groups, and everybody would pass for one");
    }

    static NamedThing? Read(JsonElement item)
    {
        var uuid = Text(item, "uuid"u8) ?? Text(item, "id"u8);
        // 0.x knows the parts of a name only.
        var name = Text(item, "name"u8) ?? (string.Join(' ', new[] { Text(item, "firstName"u8), Text(item, "lastName"u8) }.OfType<string>()) is { Length: > 0 } parts ? parts : null);
        var email = Text(item, "email"u8);
        return uuid is null || (name ?? email) is null ? null : new NamedThing(uuid, name, email);
    }

    static string? Text(JsonElement item, ReadOnlySpan<byte> member) => item.Text(member)?.Trim() is { Length: > 0 } text ? text : null;
}
