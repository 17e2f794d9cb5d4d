using System.Globalization;
using OpCollector.Access;
using OpCollector.Events;

namespace OpCollector.Cli.Printing;

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

        var status = state.StatusOf(entity);
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
        PrintAll(NameKind.Vault, ("VAULT", "PEOPLE", "GROUPS"), last);
        PrintAll(NameKind.Group, ("GROUP", "MEMBERS", "VAULTS"), last);
        Screen.Print("");
        PrintParagraph("opcollector access NAME shows each of them.");
    }

    void PrintAll(NameKind kind, (string Entity, string First, string Second) headings, Dictionary<Entity, AccessChange> last)
    {
        var table = new FixedColumns((headings.Entity, 28), (headings.First, 7), (headings.Second, 6), ("LAST CHANGE", 17), ("BY", 14));
        Entity[] entities = [.. history.Entities.Where(entity => entity.Kind == kind && state.IsThere(entity))];
        Screen.Print("");
        PrintRows(
            table,
            $"No {EntitySearch.Word(kind)} is in the events.",
            entities.OrderBy(_phrases.Called, StringComparer.OrdinalIgnoreCase).Select(entity => new Row(
                [_phrases.Called(entity), .. Counts(entity), .. Change(last.GetValueOrDefault(entity))], [])));
    }

    string[] Counts(Entity entity)
    {
        var (first, second) = entity.Kind == NameKind.Vault
            ? (state.PeopleOn(entity).Select(path => path.User).Distinct().Count(),
                state.GrantsOn(entity).Count(grant => grant.Principal.Kind == NameKind.Group))
            : (state.MembersOf(entity).Count(), state.HoldingsOf(entity).Count());
        return [first.ToString(CultureInfo.InvariantCulture), second.ToString(CultureInfo.InvariantCulture)];
    }

    string[] Change(AccessChange? last) => last is null ? ["", ""] : [AccessPhrases.Moment(last.Time), _phrases.ByWhom(last)];

    void PrintVault(Entity vault)
    {
        Screen.Print("");
        var grants = state.GrantsOn(vault).Where(grant => grant.Principal.Kind == NameKind.Group);
        PrintEntitlements("GROUP", "RIGHTS", vault, grants);
        Screen.Print("");
        PrintPaths("PERSON", vault, state.PeopleOn(vault), "Nobody is known to reach it.");
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
        PrintEntitlements("PERSON", "ROLE", group, state.MembersOf(group));
        Screen.Print("");
        PrintEntitlements("VAULT", "RIGHTS", group, state.HoldingsOf(group));
    }

    void PrintPerson(Entity person)
    {
        Screen.Print("");
        PrintEntitlements("GROUP", "ROLE", person, state.HoldingsOf(person).Where(held => held.Target.Kind == NameKind.Group));
        Screen.Print("");
        PrintPaths("VAULT", person, state.VaultsOf(person), "This person is not known to reach a vault.");
    }

    void PrintEntitlements(string heading, string right, Entity entity, IEnumerable<Entitlement> entitlements) => PrintRows(
        new FixedColumns((heading, 30), (right, 10), ("SINCE", 17), ("BY", 17)),
        $"No {heading.ToLowerInvariant()} is known.",
        entitlements.OrderBy(each => _phrases.Called(each.Other(entity)), StringComparer.OrdinalIgnoreCase).Select(each => new Row(
            [
                _phrases.Called(each.Other(entity)),
                AccessChange.TextOf(each.Right),
                _phrases.Since(each.Known, each.Beginning),
                _phrases.ByWhom(each.Beginning),
            ],
            _phrases.Notes(each, each.Other(entity)))));

    void PrintPaths(string heading, Entity entity, IEnumerable<AccessPath> paths, string nothing) => PrintRows(
        new FixedColumns((heading, 20), ("THROUGH", 14), ("RIGHTS", 8), ("SINCE", 17), ("BY", 13)),
        nothing,
        paths.OrderBy(each => _phrases.Called(each.Other(entity)), StringComparer.OrdinalIgnoreCase).Select(each => new Row(
            [
                _phrases.Called(each.Other(entity)),
                each.Through is { } group ? _phrases.Called(group) : "directly",
                AccessChange.TextOf(each.Grant.Right),
                _phrases.Since(each.Known, each.Beginning),
                _phrases.ByWhom(each.Beginning),
            ],
            _phrases.Notes(each.Grant, each.Other(entity)))));

    static void PrintRows(FixedColumns table, string nothing, IEnumerable<Row> rows)
    {
        Row[] all = [.. rows];
        if (all.Length == 0)
        {
            PrintParagraph(nothing);
            return;
        }

        table.PrintHeadings();
        foreach (var row in all)
        {
            table.PrintRow(row.Cells);
            foreach (var note in row.Notes)
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

    /// <summary>A line of a table, and what is to be said below it.</summary>
    sealed record Row(string[] Cells, IEnumerable<string> Notes);
}
