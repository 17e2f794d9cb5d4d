using System.Text;
using System.Text.Json;
using OpCollector.Events;

namespace OpCollector.Sources;

/// <summary>Reads a list of users, groups or vaults as op prints it: 0.x and 1.x, and 2.x with <c>--format json</c>.</summary>
internal static class NameListJson
{
    // No user takes a hundredth of that; and the letters of so many names.
    const int LargestItem = 64 * 1024;
    const int MostLetters = 4_000_000;

    // An item's depth is op's business, as an event's is.
    static readonly JsonDocumentOptions Options = new() { MaxDepth = PageJson.ReaderOptions.MaxDepth };

    /// <summary>What in a list has a uuid and a name or an e-mail. Everything else is left out, keys above all.</summary>
    /// <exception cref="Failure">There is more in it than can be kept (65).</exception>
    /// <exception cref="NoJsonException">It is not a list.</exception>
    public static IReadOnlyList<ListedEntity> Read(ReadOnlyMemory<byte> json) => ReadNames(Split(json));

    /// <summary>The items of a list.</summary>
    /// <exception cref="NoJsonException">It is not a list.</exception>
    public static List<ReadOnlyMemory<byte>> Split(ReadOnlyMemory<byte> json) =>
        // Files are written by all sorts of programs.
        PageJson.Slices(json.Span.StartsWith(Encoding.UTF8.Preamble) ? json[Encoding.UTF8.Preamble.Length..] : json, PageJson.MostNames);

    /// <summary>Those of the items that have a uuid and a name or an e-mail.</summary>
    /// <exception cref="Failure">There is more in them than can be kept (65).</exception>
    public static IReadOnlyList<ListedEntity> ReadNames(IEnumerable<ReadOnlyMemory<byte>> items) =>
        Distinct(items.Select(ReadItem).OfType<ListedEntity>().Where(each => each is { Uuid.Length: > 0, HasName: true }));

    /// <summary>The members of a group, as <c>op list users --group=…</c> prints them: each with a role in it.</summary>
    /// <exception cref="Failure">
    /// These are not members (65): op 0.x ignores options that it does not know, and prints all users.
    /// </exception>
    public static IReadOnlyList<ListedEntity> ReadMembers(List<ReadOnlyMemory<byte>> items)
    {
        var users = items.ConvertAll(ReadItem);
        return users.TrueForAll(user => user is { Role.Length: > 0 })
            ? Distinct(users.OfType<ListedEntity>().Where(user => user.Uuid.Length > 0))
            : throw new Failure(
                ExitCode.SourceData,
                "op list users --group printed users without a role in the group: this op does not list the members of groups, and " +
                    "everybody would pass for one");
    }

    static List<ListedEntity> Distinct(IEnumerable<ListedEntity> entities)
    {
        var names = entities.DistinctBy(each => each.Uuid).ToList();
        return names.Sum(each => (long)each.Uuid.Length + (each.Name?.Length ?? 0) + (each.Email?.Length ?? 0)) <= MostLetters ? names
            : throw new Failure(
                ExitCode.SourceData, $"The names in a list are longer than {MostLetters:N0} letters together, which no account has");
    }

    // One after the other: the document of a whole list takes as much memory again for each of its bytes.
    static ListedEntity? ReadItem(ReadOnlyMemory<byte> item)
    {
        using var json = item.Length > LargestItem ? null : SafeJson.TryParse(item, Options);
        return json is null ? null : Read(json.RootElement);
    }

    static ListedEntity Read(JsonElement item)
    {
        // 0.x knows the parts of a name only.
        var name = Text(item, "name"u8)
            ?? (string.Join(' ', new[] { Text(item, "firstName"u8), Text(item, "lastName"u8) }.OfType<string>()) is { Length: > 0 } parts
                ? parts
                : null);
        return new ListedEntity(Text(item, "uuid"u8) ?? Text(item, "id"u8) ?? "", name, Text(item, "email"u8), Text(item, "role"u8) ?? "");
    }

    static string? Text(JsonElement item, ReadOnlySpan<byte> member) => item.Text(member)?.Trim() is { Length: > 0 } text ? text : null;
}
