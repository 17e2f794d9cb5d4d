using OpCollector.Report.Markup;

namespace OpCollector.Report.Page;

/// <summary>
/// The findings, the most severe first: which rules found something, and each finding with its sentence, entities and events.
/// </summary>
internal static class FindingsSection
{
    public static Html Render(FoundFindings findings, FindingAnchors anchors, DisplayNames names)
    {
        if (findings.Total == 0)
        {
            return PageText.Section(AnchorKind.Findings, "Findings", PageText.Note("The rules found nothing in this period."));
        }

        return PageText.Section(
            AnchorKind.Findings,
            "Findings",
            PageText.Table(
                "Rules that found something",
                ["Severity", "Rule", "Findings"],
                findings.Rules.Select(each => PageText.Row(
                    PageText.Cell(PageText.Badge(each.Rule.Level)),
                    PageText.RowHead(PageText.Others(each.Rule.Title)),
                    PageText.NumberCell(anchors.Link(each.Newest, PageText.Number(each.Count)))))),
            findings.LeftOut == 0
                ? Html.Nothing
                : PageText.Note(
                    $"The newest {FoundFindings.MostOfLevel} of each severity are shown; {PageText.Number(findings.LeftOut)} are left out. " +
                        "opcollector detect prints all of them."),
            Filter(findings),
            Html.Element(
                Tag.Ol,
                new Attributes { Class = "findings" },
                [.. findings.Shown.Select(finding => RenderFinding(finding, anchors[finding], names))]));
    }

    // Hidden until there is a script that obeys it.
    static Html Filter(FoundFindings findings) => Html.Element(
        Tag.Form,
        new Attributes { Id = Anchor.The(AnchorKind.Filter), IsHidden = true, Label = "Filter of the findings", Role = "search" },
        Html.Element(
            Tag.Fieldset,
            [
                Html.Element(Tag.Legend, "Severities"),
                .. FoundFindings.Levels.Where(level => findings.Count(level) > 0).Select(level => Html.Element(
                    Tag.Label,
                    Html.Element(
                        Tag.Input, new Attributes { Type = "checkbox", Name = "level", Value = PageText.Level(level), IsChecked = true }),
                    $" {PageText.Level(level)} ({PageText.Number(findings.Count(level))})")),
            ]),
        Html.Element(
            Tag.P,
            Html.Element(Tag.Label, new Attributes { For = Anchor.The(AnchorKind.Contains) }, "Only those with this text: "),
            Html.Element(Tag.Input, new Attributes { Type = "search", Id = Anchor.The(AnchorKind.Contains) }),
            " ",
            Html.Element(Tag.Output, new Attributes { Id = Anchor.The(AnchorKind.Shown) })));

    static Html RenderFinding(KeptFinding finding, Anchor anchor, DisplayNames names) => Html.Element(
        Tag.Li,
        new Attributes { Id = anchor, Level = PageText.Level(finding.Rule.Level), TabIndex = -1 },
        Html.Element(Tag.H3, PageText.Badge(finding.Rule.Level), " ", PageText.Others(finding.Rule.Title)),
        Html.Element(Tag.P, PageText.Time(finding.Time), " ", PageText.Others(finding.Summary)),
        finding.Rule.Description.Length == 0 ? Html.Nothing : PageText.Note(finding.Rule.Description),
        Entities(finding, names),
        Events(finding));

    static Html Entities(KeptFinding finding, DisplayNames names) => Html.Element(
        Tag.Dl,
        [.. finding.Entities.Where(each => each.Few.Count > 0).Select(each => Html.Element(
            Tag.Div,
            Html.Element(Tag.Dt, each.Kind),
            Html.Element(
                Tag.Dd,
                [
                    .. each.Few.SelectMany((one, at) => new Html[]
                    {
                        at == 0 ? "" : ", ",
                        PageText.Others(names.NameOf(one.Id, one.Said)),
                    }),
                    each.LeftOut == 0 ? Html.Nothing : $" and {PageText.Number(each.LeftOut)} more",
                ])))]);

    static Html Events(KeptFinding finding) => finding.Ids.Count == 0
        ? Html.Nothing
        : Html.Join(
            EventLists.Rows(finding.Ids.Select(each => each.Event).OfType<ShownEvent>()),
            Unseen(finding));

    // Of the earlier ones the ids are all that is known.
    static Html Unseen(KeptFinding finding)
    {
        string[] ids = [.. finding.Ids.Where(each => each.Event is null).Select(each => each.Id)];
        return ids.Length + finding.IdsLeftOut == 0
            ? Html.Nothing
            : PageText.Note(
                [
                    ids.Length == 0 ? Html.Nothing : "Events before these: ",
                    .. ids.SelectMany((id, at) => new Html[] { at == 0 ? "" : ", ", Html.Element(Tag.Code, id) }),
                    finding.IdsLeftOut == 0
                        ? Html.Nothing
                        : $"{(ids.Length == 0 ? "" : ", and ")}{Quantity.Format(finding.IdsLeftOut, "earlier event")} left out",
                ]);
    }
}
