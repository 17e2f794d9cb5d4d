using System.Globalization;
using OpCollector.Access;
using OpCollector.Events;

namespace OpCollector.Cli;

/// <summary>Who can reach what, as <c>access</c> prints it for a person: tables that fit a screen of 80 columns.</summary>
internal sealed class AccessText(AccessHistory history, AccessState state)
{
    const int MostOnTheLine = 80;

    readonly AccessPhrases _phrases = new(history, state);

    /// <param name="entity">Null for every vault and every group.</param>
    public void Print(Entity? entity)
    {
        PrintHead(entity);
        switch (entity?.Kind)
        {
            case null:
                PrintAll();
                break;
            case NameKind.Vault:
                PrintVault(entity);
                break;
            case NameKind.Group:
                PrintGroup(entity);
                break;
            default:
                PrintPerson(entity);
                break;
        }

        PrintLegend();
    }

    void PrintHead(Entity? entity)
    {
        var end = state.Time == history.Ends ? ", where the events end" : "";
        PrintParagraph(
            $"{(entity is null ? "Every vault and group" : $"The {EntitySearch.Word(entity.Kind)} {AccessPhrases.Full(entity)}")} at {AccessPhrases.Moment(state.Time)}{end}. " +
            $"The events begin at {AccessPhrases.Moment(history.Begins!.Value)}.");
        if (entity is null)
        {
            return;
        }

        var status = state.StandingOf(entity);
        foreach (var (what, change) in new[] { ("Created", status.Created), ("Deleted", status.Gone) })
        {
            if (change is not null)
            {
                PrintParagraph($"{what} {AccessPhrases.Moment(change.Time)} by {_phrases.ByWhom(change)}.");
            }
        }

        if (status.IsSuspended)
        {
            PrintParagraph(_phrases.Suspended(status));
        }
    }

    void PrintAll()
    {
        var last = _phrases.LastChanges();
        PrintAll(NameKind.Vault, ("VAULT", "PEOPLE", "GROUPS"), last, vault => (
            state.PeopleOn(vault).Select(path => path.User).Distinct().Count(),
            state.GrantsOn(vault).Count(grant => grant.Principal.Kind == NameKind.Group)));
        PrintAll(NameKind.Group, ("GROUP", "MEMBERS", "VAULTS"), last, group => (
            state.MembersOf(group).Count(), state.HoldingsOf(group).Count()));
        Screen.Print("");
        PrintParagraph("opcollector access NAME shows each of them.");
    }

    void PrintAll(
        NameKind kind,
        (string Thing, string First, string Second) headings,
        Dictionary<Entity, AccessChange> last,
        Func<Entity, (int First, int Second)> count)
    {
        var table = new FixedColumns((headings.Thing, 28), (headings.First, 7), (headings.Second, 6), ("LAST CHANGE", 17), ("BY", 14));
        Entity[] entities = [.. history.Entities.Where(entity => entity.Kind == kind && state.IsThere(entity))];
        Screen.Print("");
        var nothing = $"No {EntitySearch.Word(kind)} is in the events.";
        PrintRows(table, entities.OrderBy(_phrases.Called, StringComparer.OrdinalIgnoreCase), nothing, entity =>
        {
            var (first, second) = count(entity);
            var change = last.GetValueOrDefault(entity);
            return
            [
                _phrases.Called(entity),
                first.ToString(CultureInfo.InvariantCulture),
                second.ToString(CultureInfo.InvariantCulture),
                change is null ? "" : AccessPhrases.Moment(change.Time),
                change is null ? "" : _phrases.ByWhom(change),
            ];
        });
    }

    void PrintVault(Entity vault)
    {
        Screen.Print("");
        var grants = state.GrantsOn(vault).Where(grant => grant.Principal.Kind == NameKind.Group);
        PrintEntitlements("GROUP", "RIGHTS", grants, grant => grant.Principal);
        Screen.Print("");
        PrintReaches("PERSON", state.PeopleOn(vault), path => path.User, "Nobody is known to reach it.");
        foreach (var group in state.GrantsOn(vault).Select(grant => grant.Principal))
        {
            if (group.Kind == NameKind.Group && !state.MembersOf(group).Any())
            {
                PrintParagraph($"No member of the group {_phrases.Called(group)} is known; its members reach this vault too.");
            }
        }
    }

    void PrintGroup(Entity group)
    {
        Screen.Print("");
        PrintEntitlements("PERSON", "ROLE", state.MembersOf(group), member => member.Principal);
        Screen.Print("");
        PrintEntitlements("VAULT", "RIGHTS", state.HoldingsOf(group), grant => grant.Target);
    }

    void PrintPerson(Entity person)
    {
        Screen.Print("");
        PrintEntitlements("GROUP", "ROLE", state.HoldingsOf(person).Where(held => held.Target.Kind == NameKind.Group), held => held.Target);
        Screen.Print("");
        PrintReaches("VAULT", state.VaultsOf(person), path => path.Vault, "This person is not known to reach a vault.");
    }

    void PrintEntitlements(string heading, string right, IEnumerable<Entitlement> held, Func<Entitlement, Entity> who)
    {
        var table = new FixedColumns((heading, 30), (right, 10), ("SINCE", 17), ("BY", 17));
        PrintRows(
            table,
            held.OrderBy(each => _phrases.Called(who(each)), StringComparer.OrdinalIgnoreCase),
            $"No {heading.ToLowerInvariant()} is known.",
            each =>
            [
                _phrases.Called(who(each)),
                AccessChange.Words(each.Right),
                _phrases.Since(each.Known, each.Beginning),
                _phrases.ByWhom(each.Beginning),
            ],
            each => _phrases.Notes(each, who(each)));
    }

    void PrintReaches(string heading, IEnumerable<AccessPath> paths, Func<AccessPath, Entity> who, string nothing)
    {
        var table = new FixedColumns((heading, 20), ("THROUGH", 14), ("RIGHTS", 8), ("SINCE", 17), ("BY", 13));
        PrintRows(
            table,
            paths.OrderBy(each => _phrases.Called(who(each)), StringComparer.OrdinalIgnoreCase),
            nothing,
            each =>
            [
                _phrases.Called(who(each)),
                each.Through is { } group ? _phrases.Called(group) : "directly",
                AccessChange.Words(each.Grant.Right),
                _phrases.Since(each.Known, each.Beginning),
                _phrases.ByWhom(each.Beginning),
            ],
            each => _phrases.Notes(each.Grant, who(each)));
    }

    static void PrintRows<T>(
        FixedColumns table, IEnumerable<T> rows, string nothing, Func<T, string[]> cells, Func<T, IEnumerable<string>>? notes = null)
    {
        T[] all = [.. rows];
        if (all.Length == 0)
        {
            PrintParagraph(nothing);
            return;
        }

        table.PrintHeadings();
        foreach (var row in all)
        {
            table.PrintRow(cells(row));
            foreach (var note in notes?.Invoke(row) ?? [])
            {
                PrintParagraph(note, "    ");
            }
        }
    }

    void PrintLegend()
    {
        foreach (var words in _phrases.Legend)
        {
            Screen.Print("");
            PrintParagraph(words);
        }
    }

    static void PrintParagraph(string text, string indent = "")
    {
        foreach (var line in Screen.Wrapped(ForeignText.Line(Redaction.Redact(text)), MostOnTheLine - indent.Length))
        {
            Screen.Print($"{indent}{line}");
        }
    }
}
