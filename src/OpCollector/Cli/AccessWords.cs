using System.Globalization;
using OpCollector.Access;
using OpCollector.Events;

namespace OpCollector.Cli;

/// <summary>The words in which <c>access</c> says for a person who it is, since when, by whose hand, and how that is known.</summary>
internal sealed class AccessWords(AccessHistory history, AccessState state)
{
    readonly HashSet<Knowledge> _said = [];
    readonly HashSet<(NameKind Kind, string Called)> _ofSeveral = [.. Twice(history.Things, thing => thing.Best)];
    readonly HashSet<(NameKind Kind, string Called)> _emailOfSeveral = [.. Twice(history.Things, thing => thing.Email)];

    /// <summary>What the words mean that were used, and what no event says.</summary>
    public IEnumerable<string> Legend => new[]
    {
        (Knowledge.BeforeLog, "before these: it was there when these events begin; nothing says since when."),
        (Knowledge.BeginningMissing, "not shown: it had ended and is there again; no event shows how it came back."),
        (Knowledge.ListOnly, "in a list: 1Password lists it, and no event says anything of it."),
        (Knowledge.Disagreed, "list disagrees: the events and 1Password's list differ; look at 1Password."),
    }
        .Where(each => _said.Contains(each.Item1))
        .Select(each => each.Item2)
        .Append("Access that was given before these events begin and has not changed since is in no event" +
            (_said.Contains(Knowledge.ListOnly) ? "." : ", and not shown."));

    /// <summary>What else is to be said of a row.</summary>
    public IEnumerable<string> Notes(Holding held, Thing who)
    {
        if (held.Latest is { } latest)
        {
            yield return $"{(held.On.Kind == NameKind.Group ? "role" : "rights")} changed {Moment(latest.Time)} by {By(latest)}";
        }

        if (who.Kind == NameKind.User && state.StandingOf(who) is { IsSuspended: true } standing)
        {
            yield return Suspended(standing);
        }
    }

    /// <summary>Since when something holds, or how else it is known.</summary>
    public string Since(Knowledge known, AccessChange? beginning)
    {
        _said.Add(known);
        return known switch
        {
            Knowledge.Seen => Moment(beginning!.Time),
            Knowledge.BeforeLog => "before these",
            Knowledge.BeginningMissing => "not shown",
            Knowledge.ListOnly => "in a list",
            _ => "list disagrees",
        };
    }

    public string By(AccessChange? change) => change is null ? "" : change.By is { } by ? Called(by) : "nobody is named";

    public string Suspended(Standing standing) => standing.Suspended is { } change
        ? $"suspended {Moment(change.Time)} by {By(change)}: cannot sign in"
        : "suspended before these events begin: cannot sign in";

    /// <summary>What to call something; two of the same name are told apart.</summary>
    public string Called(Thing thing) => !IsIn(_ofSeveral, thing, thing.Best) ? thing.Best
        : thing.Email is { } email && email != thing.Best && !IsIn(_emailOfSeveral, thing, email) ? email
        : thing.Uuid;

    static bool IsIn(HashSet<(NameKind Kind, string Called)> several, Thing thing, string called) =>
        several.Contains((thing.Kind, called.ToUpperInvariant()));

    static IEnumerable<(NameKind Kind, string Called)> Twice(IEnumerable<Thing> things, Func<Thing, string?> called) => things
        .Where(thing => called(thing) is not null)
        .GroupBy(thing => (thing.Kind, called(thing)!.ToUpperInvariant()))
        .Where(same => same.Skip(1).Any())
        .Select(same => same.Key);

    public static string Full(Thing thing) => thing.Name is null && thing.Email is null ? thing.Uuid
        : $"{thing.Best}{(thing.Email is { } email && email != thing.Best ? $" <{email}>" : "")} ({thing.Uuid})";

    public static string Moment(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);
}
