using System.Globalization;
using OpCollector.Access;
using OpCollector.Events;

namespace OpCollector.Cli.Printing;

/// <summary>The words in which <c>access</c> says for a person who it is, since when, by whose hand, and how that is known.</summary>
internal sealed class AccessPhrases(AccessHistory history, AccessState state)
{
    readonly HashSet<Provenance> _said = [];
    readonly Dictionary<NameKind, HashSet<string>> _ofSeveral = NamesOfSeveral(history.Entities, entity => entity.Best);
    readonly Dictionary<NameKind, HashSet<string>> _emailOfSeveral = NamesOfSeveral(history.Entities, entity => entity.Email);

    /// <summary>What the words mean that were used, and what no event says.</summary>
    public IEnumerable<string> Legend => new[]
    {
        (Provenance.BeforeLog, "before these: it was there when these events begin; nothing says since when."),
        (Provenance.BeginningMissing, "not shown: it had ended and is there again; no event shows how it came back."),
        (Provenance.ListOnly, "in a list: 1Password lists it, and no event says anything of it."),
        (Provenance.Disagreed, "list disagrees: the events and 1Password's list differ; look at 1Password."),
    }
        .Where(each => _said.Contains(each.Item1))
        .Select(each => each.Item2)
        .Concat(history.Gaps.Select(gap => $"{gap}."))
        .Append("Access that was given before these events begin and has not changed since is in no event" +
            (_said.Contains(Provenance.ListOnly) ? "." : ", and not shown."));

    /// <summary>What else is to be said of a row.</summary>
    public IEnumerable<string> Notes(Entitlement held, Entity who)
    {
        if (held.Latest is { } latest)
        {
            yield return $"{(held.Target.Kind == NameKind.Group ? "role" : "rights")} changed {Moment(latest.Time)} by {ByWhom(latest)}";
        }

        if (who.Kind == NameKind.User && state.StatusOf(who) is { IsSuspended: true } status)
        {
            yield return Suspended(status);
        }
    }

    /// <summary>Since when something holds, or how else it is known.</summary>
    public string Since(Provenance known, AccessChange? beginning)
    {
        _said.Add(known);
        return known switch
        {
            Provenance.Seen => Moment(beginning!.Time),
            Provenance.BeforeLog => "before these",
            Provenance.BeginningMissing => "not shown",
            Provenance.ListOnly => "in a list",
            _ => "list disagrees",
        };
    }

    public string ByWhom(AccessChange? change) => change is null ? "" : change.By is { } by ? Called(by) : "nobody is named";

    public string Suspended(EntityStatus status) => status.Suspended is { } change
        ? $"suspended {Moment(change.Time)} by {ByWhom(change)}: cannot sign in"
        : "suspended before these events begin: cannot sign in";

    /// <summary>What to call something; two of one name are made distinct.</summary>
    public string Called(Entity entity) => !IsIn(_ofSeveral, entity, entity.Best) ? entity.Best
        : entity.Email is { } email && email != entity.Best && !IsIn(_emailOfSeveral, entity, email) ? email
        : entity.Uuid;

    static bool IsIn(Dictionary<NameKind, HashSet<string>> several, Entity entity, string called) =>
        several.TryGetValue(entity.Kind, out var names) && names.Contains(called);

    // What several of a kind are called.
    static Dictionary<NameKind, HashSet<string>> NamesOfSeveral(IEnumerable<Entity> entities, Func<Entity, string?> called) =>
        entities.GroupBy(entity => entity.Kind).ToDictionary(same => same.Key, same =>
        {
            var once = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
            return same.Select(called).OfType<string>().Where(name => !once.Add(name)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        });

    /// <summary>The last change of each vault and group until then.</summary>
    public Dictionary<Entity, AccessChange> LastChanges()
    {
        var last = new Dictionary<Entity, AccessChange>();
        foreach (var change in history.Changes.Where(change => change.Time <= state.Time))
        {
            last[change.Target] = change;
        }

        return last;
    }

    /// <summary>How something is known, for a program.</summary>
    public static string Known(Provenance known) => known switch
    {
        Provenance.Seen => "seen",
        Provenance.BeforeLog => "before-log",
        Provenance.BeginningMissing => "beginning-missing",
        Provenance.ListOnly => "list-only",
        _ => "disagreed",
    };

    public static string Full(Entity entity) => entity.Name is null && entity.Email is null ? entity.Uuid
        : $"{entity.Best}{(entity.Email is { } email && email != entity.Best ? $" <{email}>" : "")} ({entity.Uuid})";

    public static string Moment(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);
}
