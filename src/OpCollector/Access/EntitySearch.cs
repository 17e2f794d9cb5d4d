using OpCollector.Events;

namespace OpCollector.Access;

/// <summary>Finds the person, the group or the vault that somebody means: by uuid, by name or by e-mail address.</summary>
/// <param name="entities">All that are known.</param>
internal sealed class EntitySearch(IEnumerable<Entity> entities)
{
    const int MostNamed = 5;

    // As watch lists write group:NAME, where the same name has several.
    static readonly (string Prefix, NameKind Kind)[] Prefixes =
        [("user:", NameKind.User), ("group:", NameKind.Group), ("vault:", NameKind.Vault)];

    /// <summary>The only one of that name.</summary>
    /// <exception cref="Failure">There is none, or there are several (64).</exception>
    public Entity Single(string name)
    {
        var kind = Array.Find(Prefixes, each => name.StartsWith(each.Prefix, StringComparison.OrdinalIgnoreCase));
        Entity[] all = [.. entities.Where(entity => kind.Prefix is null || entity.Kind == kind.Kind)];
        var called = kind.Prefix is null ? name : name[kind.Prefix.Length..];
        Entity[] found = [.. all.Where(entity => entity.IsCalled(called))];
        Entity[] exact = [.. found.Where(entity => entity.Uuid == called)];
        return found.Length == 1 ? found[0]
            : exact.Length == 1 ? exact[0]
            : throw new Failure(ExitCode.Usage, found.Length == 0 ? Unknown(called, all) : Ambiguous(called, found));
    }

    /// <summary>What a kind is called in a sentence.</summary>
    public static string Word(NameKind kind) => kind switch
    {
        NameKind.User => "person",
        NameKind.Group => "group",
        _ => "vault",
    };

    static string Ambiguous(string name, Entity[] found) =>
        $"{found.Length} things are called \"{ForeignText.Clean(name)}\": {Listed(found)}. Write the uuid, or vault:, group: or user: in front";

    static string Unknown(string name, Entity[] all)
    {
        var known = all.SelectMany(entity => new[] { entity.Name, entity.Email }).OfType<string>();
        string[] near = [.. SpellingSuggestion.FindAll(name, known).Take(MostNamed)];
        return $"no person, group or vault called \"{ForeignText.Clean(name)}\" is in these events or lists" +
            (near.Length == 0
                ? all.Any(entity => entity.Name is not null) ? "" : "; no names are known, only uuids"
                : $"; did you mean {string.Join(" or ", near.Select(each => ForeignText.Clean(each)))}?");
    }

    static string Listed(Entity[] found) =>
        string.Join(", ", found.Take(MostNamed).Select(entity => $"the {Word(entity.Kind)} {ForeignText.Clean(entity.Uuid)}")) +
            (found.Length > MostNamed ? $" and {found.Length - MostNamed} more" : "");
}
