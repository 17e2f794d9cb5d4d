using OpCollector.Access;
using OpCollector.Events;
using OpCollector.Report.Markup;

namespace OpCollector.Report.Page;

/// <summary>Who was given access to what is privileged, or lost it, and who can reach it at the end of the period.</summary>
internal sealed class AccessSection(AccessHistory access, ReportSpan span, Privileged privileged, EventLists lists)
{
    const int MostChanges = 100;
    const int MostRows = 200;
    const int MostPeople = 20;

    string Scope => privileged.IsConfigured ? "privileged groups and vaults" : "groups and vaults";

    public Html Show()
    {
        var end = span.Until ?? access.Ends;
        return Words.Section(
            Place.Access,
            "Access",
            [
                privileged.IsConfigured
                    ? Html.Nothing
                    : Words.Note(
                        "Nothing is configured as privileged (detection.lists.privileged_vaults, privileged_groups), so all are shown."),
                Html.Of(Tag.H3, $"Changes of access to {Scope}"),
                Changes(),
                Html.Of(Tag.H3, $"Access to {Scope}{(end is { } time ? $" at {Words.Text(time)}" : "")}"),
                end is null
                    ? Words.Note("There are no audit events, so nothing is known of who can reach what.")
                    : privileged.IsConfigured ? Reached(access.At(end.Value)) : Counted(access.At(end.Value)),
                .. access.Gaps.Select(gap => Words.Note($"{gap}.")),
            ]);
    }

    Html Changes()
    {
        AccessChange[] changes = [.. access.Changes.Where(change => span.Holds(change.Time) && privileged.Has(change))];
        return changes.Length == 0
            ? Words.Note("None in this period.")
            : Html.All(
                Words.Table(
                    $"Changes of access to {Scope}",
                    ["Time (UTC)", "What happened", "Event"],
                    changes.TakeLast(MostChanges).Reverse().Select(change => Words.Row(
                        Words.Cell(Words.Time(change.Time)),
                        Words.RowHead(Words.Others(change.Sentence)),
                        Words.Cell(Html.Of(Tag.Code, change.EventId))))),
                LeftOut(changes.Length - MostChanges, "older change"));
    }

    // Each way in which somebody reaches something privileged.
    Html Reached(AccessState state)
    {
        Html[] rows =
        [
            .. Of(NameKind.Group, state).SelectMany(group => state.MembersOf(group).Select(member => Row(
                group, member.Of, through: null, AccessChange.Words(member.Right), Since(member.Known, member.Beginning), state))),
            .. Of(NameKind.Vault, state).SelectMany(vault => state.PeopleOn(vault).Select(reach => Row(
                vault, reach.User, reach.Through, AccessChange.Words(reach.Grant.Right), Since(reach.Known, reach.Beginning), state))),
        ];
        return rows.Length == 0
            ? Words.Note("These events, and the lists that were read, tell of nobody. opcollector access asks the source.")
            : Html.All(
                Words.Table(
                    $"Who can reach {Scope}",
                    ["Group or vault", "Who", "Through", "Role or rights", "Since (UTC)"],
                    rows.Take(MostRows)),
                LeftOut(rows.Length - MostRows, "row"),
                Words.Note("What the source has not shown in these events or in a list is not known here."));
    }

    Html Counted(AccessState state)
    {
        (Thing Thing, int Count, Html[] Few)[] all =
        [
            .. Of(NameKind.Group, state).Select(group => People(
                group, state.MembersOf(group).Select(member => (member.Of, (Thing?)null, Since(member.Known, member.Beginning))))),
            .. Of(NameKind.Vault, state).Select(vault => People(
                vault, state.PeopleOn(vault).Select(reach => (reach.User, reach.Through, Since(reach.Known, reach.Beginning))))),
        ];
        return all.Length == 0
            ? Words.Note("These events tell of no group and no vault.")
            : Html.All(
                Words.Table(
                    "People in groups and on vaults, as far as these events tell",
                    ["Group or vault", "People"],
                    all.OrderByDescending(each => each.Count).Take(MostRows).Select(each => Words.Row(
                        Words.RowHead(Name(each.Thing)),
                        Words.NumberCell(lists.Link(
                            each.Count, $"People, {NamedThings.Word(each.Thing.Kind)} {each.Thing.Best}", each.Few))))),
                LeftOut(all.Length - MostRows, "row"),
                Words.Note("opcollector access NAME shows who they are."));
    }

    static (Thing Thing, int Count, Html[] Few) People(Thing thing, IEnumerable<(Thing Who, Thing? Through, Html Since)> ways)
    {
        var people = ways.DistinctBy(way => way.Who).ToArray();
        return (thing, people.Length, [.. people.Take(MostPeople).Select(way => Html.All(
            Words.Others(way.Who.Best),
            way.Through is { } group ? Html.All(" through ", Words.Others(group.Best)) : Html.Nothing,
            ", since: ",
            way.Since))]);
    }

    IEnumerable<Thing> Of(NameKind kind, AccessState state) => access.Things
        .Where(thing => thing.Kind == kind && state.IsThere(thing) && privileged.Has(thing))
        .OrderBy(thing => thing.Best, StringComparer.OrdinalIgnoreCase)
        .ThenBy(thing => thing.Uuid, StringComparer.Ordinal);

    static Html Row(Thing on, Thing who, Thing? through, string right, Html since, AccessState state) => Words.Row(
        Words.RowHead(Name(on)),
        Words.Cell(Words.Others(who.Best), state.StandingOf(who).IsSuspended ? " (suspended)" : ""),
        Words.Cell(through is null ? Html.Nothing : Words.Others(through.Best)),
        Words.Cell(Words.Others(right)),
        Words.Cell(since));

    static Html Name(Thing thing) => Html.All(thing.Kind == NameKind.Group ? "group " : "vault ", Words.Others(thing.Best));

    static Html Since(Knowledge known, AccessChange? beginning) => known switch
    {
        Knowledge.Seen when beginning is not null => Html.All(
            Words.Time(beginning.Time), beginning.By is { } by ? Html.All(", by ", Words.Others(by.Best)) : Html.Nothing),
        Knowledge.BeforeLog => "before these events",
        Knowledge.ListOnly => "not known: only a list shows it",
        Knowledge.Disagreed => "not known: events and list do not agree",
        _ => "not known",
    };

    static Html LeftOut(int count, string thing) =>
        count <= 0 ? Html.Nothing : Words.Note($"{OpCollector.Counted.Of(count, thing)} left out.");
}
