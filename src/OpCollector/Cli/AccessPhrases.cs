using System.Globalization;
using OpCollector.Access;
using OpCollector.Events;

namespace OpCollector.Cli;

/// <summary>The words in which <c>access</c> says for a person who it is, since when, by whose hand, and how that is known.</summary>
internal sealed class AccessPhrases(AccessHistory history, AccessState state)
{
    readonly HashSet<Provenance> _said = [];
    readonly Dictionary<NameKind, HashSet<string>> _ofSeveral = OfSeveral(history.Things, thing => thing.Best);
    readonly Dictionary<NameKind, HashSet<string>> _emailOfSeveral = OfSeveral(history.Things, thing => thing.Email);

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
            yield return $"{(held.On.Kind == NameKind.Group ? "role" : "rights")} changed {Moment(latest.Time)} by {ByWhom(latest)}";
        }

        if (who.Kind == NameKind.User && state.StandingOf(who) is { IsSuspended: true } standing)
        {
            yield return Suspended(standing);
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

    public string Suspended(EntityStatus standing) => standing.Suspended is { } change
        ? $"suspended {Moment(change.Time)} by {ByWhom(change)}: cannot sign in"
        : "suspended before these events begin: cannot sign in";

    /// <summary>What to call something; two of the same name are told apart.</summary>
    public string Called(Entity thing) => !IsIn(_ofSeveral, thing, thing.Best) ? thing.Best
        : thing.Email is { } email && email != thing.Best && !IsIn(_emailOfSeveral, thing, email) ? email
        : thing.Uuid;

    static bool IsIn(Dictionary<NameKind, HashSet<string>> several, Entity thing, string called) =>
        several.TryGetValue(thing.Kind, out var names) && names.Contains(called);

    // What several of a kind are called.
    static Dictionary<NameKind, HashSet<string>> OfSeveral(IEnumerable<Entity> things, Func<Entity, string?> called) =>
        things.GroupBy(thing => thing.Kind).ToDictionary(same => same.Key, same =>
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
            last[change.On] = change;
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

    public static string Full(Entity thing) => thing.Name is null && thing.Email is null ? thing.Uuid
        : $"{thing.Best}{(thing.Email is { } email && email != thing.Best ? $" <{email}>" : "")} ({thing.Uuid})";

    /// <summary>A moment, for a program.</summary>
    public static string Exact(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    public static string Moment(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);
}
