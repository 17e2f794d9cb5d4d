using System.Text;
using System.Text.Json;
using OpCollector.Events;

namespace OpCollector.Names;

/// <summary>Reads a list of users, groups or vaults as op prints it: 0.x and 1.x, and 2.x with <c>--format json</c>.</summary>
internal static class NameListJson
{
    // No user takes a hundredth of that; and the letters of so many names.
    const int LargestItem = 64 * 1024;
    const int MostLetters = 4_000_000;

    // An item's depth is op's business, as an event's is.
    static readonly JsonDocumentOptions Options = new() { MaxDepth = PageJson.ReaderOptions.MaxDepth };

    /// <summary>What in it has a uuid and a name or an e-mail. Everything else there is passed over, keys above all.</summary>
    /// <exception cref="Failure">There is more in it than can be kept (65).</exception>
    /// <exception cref="NoJsonException">It is no list.</exception>
    public static IReadOnlyList<NamedEntity> Read(ReadOnlyMemory<byte> json)
    {
        var names = Items(json).Select(item => Read(item, Named)).OfType<NamedEntity>().DistinctBy(each => each.Uuid).ToList();
        return names.Sum(each => (long)each.Uuid.Length + (each.Name?.Length ?? 0) + (each.Email?.Length ?? 0)) <= MostLetters ? names
            : throw new Failure(
                ExitCode.SourceData, $"The names in a list are longer than {MostLetters:N0} letters together, which no account has");
    }

    /// <summary>The members of a group, as <c>op list users --group=…</c> prints them: each with a role in it.</summary>
    /// <exception cref="Failure">These are no members (65): op 0.x passes over options that it does not know, and prints all
    /// users.</exception> <exception cref="NoJsonException">It is no list.</exception>
    public static IReadOnlyList<GroupMember> ReadMembers(ReadOnlyMemory<byte> json)
    {
        var users = Items(json).ConvertAll(item => Read(item, Member));
        return users.TrueForAll(user => user is { Role.Length: > 0 })
            ? [.. users.OfType<GroupMember>().Where(user => user.Uuid.Length > 0).DistinctBy(user => user.Uuid)]
            : throw new Failure(
                ExitCode.SourceData,
                "op list users --group printed users without a role in the group: this op does not list the members of groups, and " +
                    "everybody would pass for one");
    }

    // Files are written by all sorts of programs.
    static List<ReadOnlyMemory<byte>> Items(ReadOnlyMemory<byte> json) =>
        PageJson.Slices(json.Span.StartsWith(Encoding.UTF8.Preamble) ? json[Encoding.UTF8.Preamble.Length..] : json, PageJson.MostNames);

    // One after the other: the document of a whole list takes as much memory again for each of its bytes.
    static T? Read<T>(ReadOnlyMemory<byte> item, Func<JsonElement, T?> read)
        where T : class
    {
        using var json = item.Length > LargestItem ? null : SafeJson.TryParse(item, Options);
        return json is null ? null : read(json.RootElement);
    }

    static NamedEntity? Named(JsonElement item)
    {
        var uuid = Text(item, "uuid"u8) ?? Text(item, "id"u8);
        // 0.x knows the parts of a name only.
        var name = Text(item, "name"u8)
            ?? (string.Join(' ', new[] { Text(item, "firstName"u8), Text(item, "lastName"u8) }.OfType<string>()) is { Length: > 0 } parts
                ? parts
                : null);
        var email = Text(item, "email"u8);
        return uuid is null || (name ?? email) is null ? null : new NamedEntity(uuid, name, email);
    }

    static GroupMember? Member(JsonElement user) => new(Text(user, "uuid"u8) ?? "", Text(user, "role"u8) ?? "");

    static string? Text(JsonElement item, ReadOnlySpan<byte> member) => item.Text(member)?.Trim() is { Length: > 0 } text ? text : null;
}

/// <summary>A member of a group as a list shows it.</summary>
/// <param name="Role">In op's words: MANAGER or MEMBER.</param>
internal sealed record GroupMember(string Uuid, string Role);
