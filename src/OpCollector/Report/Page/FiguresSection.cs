using OpCollector.Detection.Sigma;
using OpCollector.Events;
using OpCollector.Report.Markup;

namespace OpCollector.Report.Page;

/// <summary>The period in figures.</summary>
internal static class FiguresSection
{
    public static Html Render(PeriodCounts counts, EventLists lists, FindingAnchors anchors)
    {
        var figures = new List<Html>();
        foreach (var stream in Streams.All)
        {
            figures.Add(Figure(PageText.Stream(stream), lists.Link(PageText.Stream(stream), counts.ByStream[stream])));
        }

        figures.Add(Figure("people", LinkTo(AnchorKind.Active, Approximately(counts.People))));
        figures.Add(Figure("failed sign-ins", LinkTo(AnchorKind.Failures, PageText.Number(counts.Failed.Reasons.Total))));
        foreach (var level in FoundFindings.Levels.Where(level => level >= RuleLevel.Medium || counts.Findings.Count(level) > 0))
        {
            var number = PageText.Number(counts.Findings.Count(level));
            figures.Add(Figure($"{PageText.Level(level)} findings", anchors.Link(counts.Findings.Newest(level), number)));
        }

        if (counts.Untimed.Count > 0)
        {
            figures.Add(Figure("events without a time", lists.Link("Events without a time", counts.Untimed)));
        }

        if (counts.Unbelievable.Count > 0)
        {
            figures.Add(Figure(
                "events with a time that cannot be right", lists.Link("Events with a time that cannot be right", counts.Unbelievable)));
        }

        return PageText.Section(
            AnchorKind.Figures,
            "The period in figures",
            Html.Element(Tag.Ul, new Attributes { Class = "figures" }, figures),
            counts.Events == 0 ? PageText.Note("There are no events in this period.") : Html.Nothing);
    }

    static string Approximately(Ranking people) => $"{PageText.Number(people.Different)}{(people.IsPartial ? " and more" : "")}";

    static Html LinkTo(AnchorKind place, string text) => Html.Element(Tag.A, new Attributes { LinkTo = Anchor.The(place) }, text);

    static Html Figure(string name, Html number) =>
        Html.Element(Tag.Li, Html.Element(Tag.Span, new Attributes { Class = "number" }, number), " ", Html.Element(Tag.Span, name));
}
