using System.Globalization;
using OpCollector.Access;
using OpCollector.Events;

namespace OpCollector.Cli;

/// <summary>Who can reach what, as <c>access</c> prints it into a pipe: a row for each way, in columns parted by TAB.</summary>
internal sealed class AccessColumns(AccessHistory history, AccessState state)
{
    readonly AccessPhrases _words = new(history, state);

    /// <param name="thing">Null for every vault and every group.</param>
    public void Print(Entity? thing)
    {
        if (thing is null)
        {
            PrintAll();
            return;
        }

        Screen.PrintColumns("KIND", "NAME", "EMAIL", "UUID", "THROUGH", "RIGHT", "SINCE", "BY", "KNOWN");
        switch (thing.Kind)
        {
            case NameKind.Vault:
                Print(state.GrantsOn(thing).Where(grant => grant.Of.Kind == NameKind.Group), grant => grant.Of);
                Print(state.PeopleOn(thing), reach => reach.User);
                break;
            case NameKind.Group:
                Print(state.MembersOf(thing), member => member.Of);
                Print(state.HoldingsOf(thing), grant => grant.On);
                break;
            default:
                Print(state.HoldingsOf(thing).Where(held => held.On.Kind == NameKind.Group), held => held.On);
                Print(state.VaultsOf(thing), reach => reach.Vault);
                break;
        }
    }

    void PrintAll()
    {
        Screen.PrintColumns("KIND", "NAME", "UUID", "PEOPLE", "GROUPS", "VAULTS", "CHANGED", "BY");
        var last = _words.LastChanges();
        foreach (var thing in history.Things.Where(each => each.Kind != NameKind.User && state.IsThere(each)).OrderBy(each => each.Kind)
            .ThenBy(each => each.Best, StringComparer.OrdinalIgnoreCase))
        {
            var isVault = thing.Kind == NameKind.Vault;
            var change = last.GetValueOrDefault(thing);
            Screen.PrintColumns(
                EntitySearch.Word(thing.Kind),
                thing.Name ?? "",
                thing.Uuid,
                Number(isVault ? state.PeopleOn(thing).Select(reach => reach.User).Distinct().Count() : state.MembersOf(thing).Count()),
                isVault ? Number(state.GrantsOn(thing).Count(grant => grant.Of.Kind == NameKind.Group)) : "",
                isVault ? "" : Number(state.HoldingsOf(thing).Count()),
                change is null ? "" : AccessPhrases.Exact(change.Time),
                _words.ByWhom(change));
        }
    }

    void Print(IEnumerable<Entitlement> held, Func<Entitlement, Entity> who)
    {
        foreach (var each in Sorted(held, who))
        {
            PrintRow(who(each), "", each, (each.Known, each.Beginning));
        }
    }

    void Print(IEnumerable<AccessPath> reaches, Func<AccessPath, Entity> who)
    {
        foreach (var each in Sorted(reaches, who))
        {
            PrintRow(who(each), each.Through is { } group ? _words.Called(group) : "", each.Grant, (each.Known, each.Beginning));
        }
    }

    void PrintRow(Entity who, string through, Entitlement held, (Provenance Known, AccessChange? Beginning) since) => Screen.PrintColumns(
        EntitySearch.Word(who.Kind),
        who.Name ?? "",
        who.Email ?? "",
        who.Uuid,
        through,
        held.Right is { Length: > 0 } ? AccessChange.Words(held.Right) : "",
        since.Beginning is { } beginning ? AccessPhrases.Exact(beginning.Time) : "",
        _words.ByWhom(since.Beginning),
        AccessPhrases.Known(since.Known));

    static IEnumerable<T> Sorted<T>(IEnumerable<T> rows, Func<T, Entity> who) =>
        rows.OrderBy(each => who(each).Best, StringComparer.OrdinalIgnoreCase);

    static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
