using System.Globalization;
using OpCollector.Access;
using OpCollector.Events;

namespace OpCollector.Cli;

/// <summary>Who can reach what, as <c>access</c> prints it for a person: tables that fit a screen of 80 columns.</summary>
internal sealed class AccessText(AccessHistory history, AccessState state)
{
    const int MostOnTheLine = 80;

    readonly AccessPhrases _words = new(history, state);

    /// <param name="thing">Null for every vault and every group.</param>
    public void Print(Entity? thing)
    {
        PrintHead(thing);
        switch (thing?.Kind)
        {
            case null:
                PrintAll();
                break;
            case NameKind.Vault:
                PrintVault(thing);
                break;
            case NameKind.Group:
                PrintGroup(thing);
                break;
            default:
                PrintPerson(thing);
                break;
        }

        PrintLegend();
    }

    void PrintHead(Entity? thing)
    {
        var end = state.Time == history.Ends ? ", where the events end" : "";
        PrintParagraph(
            $"{(thing is null ? "Every vault and group" : $"The {EntitySearch.Word(thing.Kind)} {AccessPhrases.Full(thing)}")} at {AccessPhrases.Moment(state.Time)}{end}. " +
            $"The events begin at {AccessPhrases.Moment(history.Begins!.Value)}.");
        if (thing is null)
        {
            return;
        }

        var standing = state.StandingOf(thing);
        foreach (var (what, change) in new[] { ("Created", standing.Created), ("Deleted", standing.Gone) })
        {
            if (change is not null)
            {
                PrintParagraph($"{what} {AccessPhrases.Moment(change.Time)} by {_words.ByWhom(change)}.");
            }
        }

        if (standing.IsSuspended)
        {
            PrintParagraph(_words.Suspended(standing));
        }
    }

    void PrintAll()
    {
        var last = _words.LastChanges();
        PrintAll(NameKind.Vault, ("VAULT", "PEOPLE", "GROUPS"), last, vault => (
            state.PeopleOn(vault).Select(reach => reach.User).Distinct().Count(),
            state.GrantsOn(vault).Count(grant => grant.Of.Kind == NameKind.Group)));
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
        Entity[] things = [.. history.Things.Where(thing => thing.Kind == kind && state.IsThere(thing))];
        Screen.Print("");
        var nothing = $"No {EntitySearch.Word(kind)} is in the events.";
        PrintRows(table, things.OrderBy(_words.Called, StringComparer.OrdinalIgnoreCase), nothing, thing =>
        {
            var (first, second) = count(thing);
            var change = last.GetValueOrDefault(thing);
            return
            [
                _words.Called(thing),
                first.ToString(CultureInfo.InvariantCulture),
                second.ToString(CultureInfo.InvariantCulture),
                change is null ? "" : AccessPhrases.Moment(change.Time),
                change is null ? "" : _words.ByWhom(change),
            ];
        });
    }

    void PrintVault(Entity vault)
    {
        Screen.Print("");
        PrintHoldings("GROUP", "RIGHTS", state.GrantsOn(vault).Where(grant => grant.Of.Kind == NameKind.Group), grant => grant.Of);
        Screen.Print("");
        PrintReaches("PERSON", state.PeopleOn(vault), reach => reach.User, "Nobody is known to reach it.");
        foreach (var group in state.GrantsOn(vault).Select(grant => grant.Of))
        {
            if (group.Kind == NameKind.Group && !state.MembersOf(group).Any())
            {
                PrintParagraph($"No member of the group {_words.Called(group)} is known; its members reach this vault too.");
            }
        }
    }

    void PrintGroup(Entity group)
    {
        Screen.Print("");
        PrintHoldings("PERSON", "ROLE", state.MembersOf(group), member => member.Of);
        Screen.Print("");
        PrintHoldings("VAULT", "RIGHTS", state.HoldingsOf(group), grant => grant.On);
    }

    void PrintPerson(Entity person)
    {
        Screen.Print("");
        PrintHoldings("GROUP", "ROLE", state.HoldingsOf(person).Where(held => held.On.Kind == NameKind.Group), held => held.On);
        Screen.Print("");
        PrintReaches("VAULT", state.VaultsOf(person), reach => reach.Vault, "This person is not known to reach a vault.");
    }

    void PrintHoldings(string heading, string right, IEnumerable<Entitlement> held, Func<Entitlement, Entity> who)
    {
        var table = new FixedColumns((heading, 30), (right, 10), ("SINCE", 17), ("BY", 17));
        PrintRows(
            table,
            held.OrderBy(each => _words.Called(who(each)), StringComparer.OrdinalIgnoreCase),
            $"No {heading.ToLowerInvariant()} is known.",
            each =>
            [
                _words.Called(who(each)),
                AccessChange.Words(each.Right),
                _words.Since(each.Known, each.Beginning),
                _words.ByWhom(each.Beginning),
            ],
            each => _words.Notes(each, who(each)));
    }

    void PrintReaches(string heading, IEnumerable<AccessPath> reaches, Func<AccessPath, Entity> who, string nothing)
    {
        var table = new FixedColumns((heading, 20), ("THROUGH", 14), ("RIGHTS", 8), ("SINCE", 17), ("BY", 13));
        PrintRows(
            table,
            reaches.OrderBy(each => _words.Called(who(each)), StringComparer.OrdinalIgnoreCase),
            nothing,
            each =>
            [
                _words.Called(who(each)),
                each.Through is { } group ? _words.Called(group) : "directly",
                AccessChange.Words(each.Grant.Right),
                _words.Since(each.Known, each.Beginning),
                _words.ByWhom(each.Beginning),
            ],
            each => _words.Notes(each.Grant, who(each)));
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
        foreach (var words in _words.Legend)
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
