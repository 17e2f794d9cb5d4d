using OpCollector.Access;
using OpCollector.Events;
using OpCollector.Report.Markup;

namespace OpCollector.Report.Page;

/// <summary>Who was given access to what is privileged, or lost it, and who can reach it at the end of the period.</summary>
internal sealed class AccessSection(AccessHistory access, ReportSpan span, PrivilegedEntities privileged, EventLists lists)
{
    const int MostChanges = 100;
    const int MostRows = 200;
    const int MostPeople = 20;

    string Scope => privileged.IsConfigured ? "privileged groups and vaults" : "groups and vaults";

    public Html Render()
    {
        var end = span.Until ?? access.Ends;
        return PageText.Section(
            AnchorKind.Access,
            "Access",
            [
                privileged.IsConfigured
                    ? Html.Nothing
                    : PageText.Note(
                        "Nothing is configured as privileged (detection.lists.privileged_vaults, privileged_groups), so all are shown."),
                Html.Element(Tag.H3, $"Changes of access to {Scope}"),
                Changes(),
                Html.Element(Tag.H3, $"Access to {Scope}{(end is { } time ? $" at {PageText.Text(time)}" : "")}"),
                end is null
                    ? PageText.Note("There are no audit events, so nothing is known of who can reach what.")
                    : privileged.IsConfigured ? Reached(access.AsOf(end.Value)) : Counted(access.AsOf(end.Value)),
                .. access.Gaps.Select(gap => PageText.Note($"{gap}.")),
            ]);
    }

    Html Changes()
    {
        AccessChange[] changes = [.. access.Changes.Where(change => span.Holds(change.Time) && privileged.Has(change))];
        return changes.Length == 0
            ? PageText.Note("None in this period.")
            : Html.Join(
                PageText.Table(
                    $"Changes of access to {Scope}",
                    ["Time (UTC)", "What happened", "Event"],
                    changes.TakeLast(MostChanges).Reverse().Select(change => PageText.Row(
                        PageText.Cell(PageText.Time(change.Time)),
                        PageText.RowHead(PageText.Others(change.Sentence)),
                        PageText.Cell(Html.Element(Tag.Code, change.EventId))))),
                LeftOut(changes.Length - MostChanges, "older change"));
    }

    // Each way in which somebody reaches something privileged.
    Html Reached(AccessState state)
    {
        Html[] rows =
        [
            .. Listed(NameKind.Group, state).SelectMany(group => state.MembersOf(group).Select(member => Row(
                group, member.Principal, through: null, AccessChange.TextOf(member.Right), Since(member.Known, member.Beginning), state))),
            .. Listed(NameKind.Vault, state).SelectMany(vault => state.PeopleOn(vault).Select(path => Row(
                vault, path.User, path.Through, AccessChange.TextOf(path.Grant.Right), Since(path.Known, path.Beginning), state))),
        ];
        return rows.Length == 0
            ? PageText.Note("These events, and the lists that were read, tell of nobody. opcollector access asks the source.")
            : Html.Join(
                PageText.Table(
                    $"Who can reach {Scope}",
                    ["Group or vault", "Who", "Through", "Role or rights", "Since (UTC)"],
                    rows.Take(MostRows)),
                LeftOut(rows.Length - MostRows, "row"),
                PageText.Note("What the source has not shown in these events or in a list is not known here."));
    }

    Html Counted(AccessState state)
    {
        (Entity Entity, int Count, Html[] Few)[] all =
        [
            .. Listed(NameKind.Group, state).Select(group => People(
                group, state.MembersOf(group).Select(member => (member.Principal, (Entity?)null, Since(member.Known, member.Beginning))))),
            .. Listed(NameKind.Vault, state).Select(vault => People(
                vault, state.PeopleOn(vault).Select(path => (path.User, path.Through, Since(path.Known, path.Beginning))))),
        ];
        return all.Length == 0
            ? PageText.Note("These events tell of no group and no vault.")
            : Html.Join(
                PageText.Table(
                    "People in groups and on vaults, as far as these events tell",
                    ["Group or vault", "People"],
                    all.OrderByDescending(each => each.Count).Take(MostRows).Select(each => PageText.Row(
                        PageText.RowHead(Name(each.Entity)),
                        PageText.NumberCell(lists.Link(
                            each.Count, $"People, {EntitySearch.Word(each.Entity.Kind)} {each.Entity.Best}", each.Few))))),
                LeftOut(all.Length - MostRows, "row"),
                PageText.Note("opcollector access NAME shows who they are."));
    }

    static (Entity Entity, int Count, Html[] Few) People(Entity entity, IEnumerable<(Entity Who, Entity? Through, Html Since)> ways)
    {
        var people = ways.DistinctBy(way => way.Who).ToArray();
        return (entity, people.Length, [.. people.Take(MostPeople).Select(way => Html.Join(
            PageText.Others(way.Who.Best),
            way.Through is { } group ? Html.Join(" through ", PageText.Others(group.Best)) : Html.Nothing,
            ", since: ",
            way.Since))]);
    }

    IEnumerable<Entity> Listed(NameKind kind, AccessState state) => access.Entities
        .Where(entity => entity.Kind == kind && state.IsThere(entity) && privileged.Has(entity))
        .OrderBy(entity => entity.Best, StringComparer.OrdinalIgnoreCase)
        .ThenBy(entity => entity.Uuid, StringComparer.Ordinal);

    static Html Row(Entity target, Entity who, Entity? through, string right, Html since, AccessState state) => PageText.Row(
        PageText.RowHead(Name(target)),
        PageText.Cell(PageText.Others(who.Best), state.StatusOf(who).IsSuspended ? " (suspended)" : ""),
        PageText.Cell(through is null ? Html.Nothing : PageText.Others(through.Best)),
        PageText.Cell(PageText.Others(right)),
        PageText.Cell(since));

    static Html Name(Entity entity) => Html.Join(entity.Kind == NameKind.Group ? "group " : "vault ", PageText.Others(entity.Best));

    static Html Since(Provenance known, AccessChange? beginning) => known switch
    {
        Provenance.Seen when beginning is not null => Html.Join(
            PageText.Time(beginning.Time), beginning.By is { } by ? Html.Join(", by ", PageText.Others(by.Best)) : Html.Nothing),
        Provenance.BeforeLog => "before these events",
        Provenance.ListOnly => "not known: only a list shows it",
        Provenance.Disagreed => "not known: events and list do not agree",
        _ => "not known",
    };

    static Html LeftOut(int count, string thing) =>
        count <= 0 ? Html.Nothing : PageText.Note($"{Messages.Quantity.Format(count, thing)} left out.");
}
