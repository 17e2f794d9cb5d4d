using OpCollector.Detection.Sigma;
using OpCollector.Report.Markup;

namespace OpCollector.Report.Page;

/// <summary>
/// The findings, the most severe first: which rules found something, and each finding with its sentence, entities and events.
/// </summary>
internal static class FindingsSection
{
    public static Html Of(FoundFindings findings, FindingAnchors anchors, WhoIsWho names)
    {
        if (findings.Total == 0)
        {
            return Words.Section(Place.Findings, "Findings", Words.Note("The rules found nothing in this period."));
        }

        return Words.Section(
            Place.Findings,
            "Findings",
            Words.Table(
                "Rules that found something",
                ["Severity", "Rule", "Findings"],
                findings.Rules.Select(each => Words.Row(
                    Words.Cell(Words.Badge(each.Rule.Level)),
                    Words.RowHead(Words.Others(each.Rule.Title)),
                    Words.NumberCell(anchors.Link(each.Newest, Words.Number(each.Count)))))),
            findings.LeftOut == 0
                ? Html.Nothing
                : Words.Note(
                    $"The newest {FoundFindings.MostOfLevel} of each severity are shown; {Words.Number(findings.LeftOut)} are left out. " +
                        "opcollector detect prints all of them."),
            Filter(findings),
            Html.Of(Tag.Ol, new With { Class = "findings" }, [.. findings.Shown.Select(finding => Of(finding, anchors[finding], names))]));
    }

    // Hidden until there is a script that obeys it.
    static Html Filter(FoundFindings findings) => Html.Of(
        Tag.Form,
        new With { Id = Anchor.The(Place.Filter), IsHidden = true, Label = "Filter of the findings", Role = "search" },
        Html.Of(
            Tag.Fieldset,
            [
                Html.Of(Tag.Legend, "Severities"),
                .. FoundFindings.Levels.Where(level => findings.Of(level) > 0).Select(level => Html.Of(
                    Tag.Label,
                    Html.Of(
                        Tag.Input, new With { Type = "checkbox", Name = "level", Value = Words.Level(level), IsChecked = true }),
                    $" {Words.Level(level)} ({Words.Number(findings.Of(level))})")),
            ]),
        Html.Of(
            Tag.P,
            Html.Of(Tag.Label, new With { For = Anchor.The(Place.Contains) }, "Only those with this text: "),
            Html.Of(Tag.Input, new With { Type = "search", Id = Anchor.The(Place.Contains) }),
            " ",
            Html.Of(Tag.Output, new With { Id = Anchor.The(Place.Shown) })));

    static Html Of(KeptFinding finding, Anchor anchor, WhoIsWho names) => Html.Of(
        Tag.Li,
        new With { Id = anchor, Level = Words.Level(finding.Rule.Level), TabIndex = -1 },
        Html.Of(Tag.H3, Words.Badge(finding.Rule.Level), " ", Words.Others(finding.Rule.Title)),
        Html.Of(Tag.P, Words.Time(finding.Time), " ", Words.Others(finding.Summary)),
        finding.Rule.Description.Length == 0 ? Html.Nothing : Words.Note(finding.Rule.Description),
        Entities(finding, names),
        Events(finding));

    static Html Entities(KeptFinding finding, WhoIsWho names) => Html.Of(
        Tag.Dl,
        [.. finding.Entities.Where(each => each.Few.Count > 0).Select(each => Html.Of(
            Tag.Div,
            Html.Of(Tag.Dt, each.Kind),
            Html.Of(
                Tag.Dd,
                [
                    .. each.Few.SelectMany((one, at) => new Html[]
                    {
                        at == 0 ? "" : ", ",
                        Words.Others(names.NameOf(one.Id, one.Said)),
                    }),
                    each.LeftOut == 0 ? Html.Nothing : $" and {Words.Number(each.LeftOut)} more",
                ])))]);

    static Html Events(KeptFinding finding) => finding.Ids.Count == 0
        ? Html.Nothing
        : Html.All(
            EventLists.Rows(finding.Ids.Select(each => each.Event).OfType<ShownEvent>()),
            Unseen(finding));

    // Of the earlier ones the ids are all that is known.
    static Html Unseen(KeptFinding finding)
    {
        string[] ids = [.. finding.Ids.Where(each => each.Event is null).Select(each => each.Id)];
        return ids.Length + finding.IdsLeftOut == 0
            ? Html.Nothing
            : Words.Note(
                [
                    ids.Length == 0 ? Html.Nothing : "Events before these: ",
                    .. ids.SelectMany((id, at) => new Html[] { at == 0 ? "" : ", ", Html.Of(Tag.Code, id) }),
                    finding.IdsLeftOut == 0
                        ? Html.Nothing
                        : $"{(ids.Length == 0 ? "" : ", and ")}{Counted.Of(finding.IdsLeftOut, "earlier event")} left out",
                ]);
    }
}
