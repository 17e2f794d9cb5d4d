using System.Globalization;
using OpCollector.Access;
using OpCollector.Events;

namespace OpCollector.Cli.Printing;

/// <summary>Who can reach what, as <c>access</c> prints it into a pipe: a row for each way, in columns parted by TAB.</summary>
internal sealed class AccessColumns(AccessHistory history, AccessState state)
{
    readonly AccessPhrases _phrases = new(history, state);

    /// <param name="entity">Null for every vault and every group.</param>
    public void Print(Entity? entity)
    {
        if (entity is null)
        {
            PrintAll();
            return;
        }

        Screen.PrintColumns("KIND", "NAME", "EMAIL", "UUID", "THROUGH", "RIGHT", "SINCE", "BY", "KNOWN", "STATUS");
        switch (entity.Kind)
        {
            case NameKind.Vault:
                Print(entity, state.GrantsOn(entity).Where(grant => grant.Principal.Kind == NameKind.Group));
                Print(entity, state.PeopleOn(entity));
                break;
            case NameKind.Group:
                Print(entity, state.MembersOf(entity));
                Print(entity, state.HoldingsOf(entity));
                break;
            default:
                Print(entity, state.HoldingsOf(entity).Where(held => held.Target.Kind == NameKind.Group));
                Print(entity, state.VaultsOf(entity));
                break;
        }
    }

    void PrintAll()
    {
        Screen.PrintColumns("KIND", "NAME", "UUID", "PEOPLE", "GROUPS", "VAULTS", "CHANGED", "BY");
        var last = _phrases.LastChanges();
        foreach (var entity in history.Entities.Where(each => each.Kind != NameKind.User && state.IsThere(each)).OrderBy(each => each.Kind)
            .ThenBy(each => each.Best, StringComparer.OrdinalIgnoreCase))
        {
            var isVault = entity.Kind == NameKind.Vault;
            var change = last.GetValueOrDefault(entity);
            Screen.PrintColumns(
                EntitySearch.Word(entity.Kind),
                entity.Name ?? "",
                entity.Uuid,
                Number(isVault ? state.PeopleOn(entity).Select(path => path.User).Distinct().Count() : state.MembersOf(entity).Count()),
                isVault ? Number(state.GrantsOn(entity).Count(grant => grant.Principal.Kind == NameKind.Group)) : "",
                isVault ? "" : Number(state.HoldingsOf(entity).Count()),
                change is null ? "" : Rfc3339.Format(change.Time),
                _phrases.ByWhom(change));
        }
    }

    void Print(Entity entity, IEnumerable<Entitlement> entitlements)
    {
        foreach (var each in entitlements.OrderBy(each => each.Other(entity).Best, StringComparer.OrdinalIgnoreCase))
        {
            PrintRow(each.Other(entity), "", each, (each.Known, each.Beginning));
        }
    }

    void Print(Entity entity, IEnumerable<AccessPath> paths)
    {
        foreach (var each in paths.OrderBy(each => each.Other(entity).Best, StringComparer.OrdinalIgnoreCase))
        {
            PrintRow(each.Other(entity), each.Through is { } group ? _phrases.Called(group) : "", each.Grant, (each.Known, each.Beginning));
        }
    }

    void PrintRow(Entity who, string through, Entitlement held, (Provenance Known, AccessChange? Beginning) since) => Screen.PrintColumns(
        EntitySearch.Word(who.Kind),
        who.Name ?? "",
        who.Email ?? "",
        who.Uuid,
        through,
        held.Right is { Length: > 0 } ? AccessChange.TextOf(held.Right) : "",
        since.Beginning is { } beginning ? Rfc3339.Format(beginning.Time) : "",
        _phrases.ByWhom(since.Beginning),
        AccessPhrases.Known(since.Known),
        who.Kind == NameKind.User && state.StatusOf(who).IsSuspended ? "suspended" : "");

    static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
