using OpCollector.Report.Markup;

namespace OpCollector.Report.Page;

/// <summary>What the collector itself did: its last runs, what is in quarantine, and when no events came at all.</summary>
internal static class CollectorSection
{
    const int MostGaps = 5;

    public static Html Render(CollectorNotes notes, QuietHours quiet, EventLists lists)
    {
        var gaps = quiet.Longest(MostGaps);
        return PageText.Section(
            AnchorKind.Collector,
            "The collector",
            Html.Element(Tag.H3, "Longest time without an event"),
            gaps.Count == 0
                ? PageText.Note("There was an event in every hour, or there are too few to tell.")
                : PageText.Table(
                    "Longest time without an event",
                    ["From (UTC)", "Length"],
                    gaps.Select(each => PageText.Row(PageText.RowHead(PageText.Time(each.From)),
                        PageText.NumberCell(lists.Link(
                            PageText.Span(each.Length),
                            $"Before and after the quiet time from {PageText.Text(each.From)}", each.Around))))),
            Html.Element(Tag.H3, "State"),
            notes.Lines.Count == 0
                ? PageText.Note("There is no state to be read here, so nothing is known of runs, quarantine and alarms for silence.")
                : Html.Element(
                    Tag.Dl,
                    [.. notes.Lines.Select(each => Html.Element(
                        Tag.Div, Html.Element(Tag.Dt, each.What), Html.Element(Tag.Dd, PageText.Others(each.Text))))]),
            Quarantine(notes));
    }

    static Html Quarantine(CollectorNotes notes) => notes.Items.Count == 0
        ? Html.Nothing
        : Html.Join(
            PageText.Table(
                "Items in quarantine",
                ["Since (UTC)", "Stream", "Id", "Why"],
                notes.Items.Select(each => PageText.Row(
                    PageText.Cell(PageText.Time(each.When)),
                    PageText.Cell(PageText.Others(each.Stream)),
                    PageText.RowHead(Html.Element(Tag.Code, each.Id)),
                    PageText.Cell(PageText.Others(each.Why))))),
            notes.Quarantined > notes.Items.Count
                ? PageText.Note($"The newest are shown; {PageText.Number(notes.Quarantined - notes.Items.Count)} are left out.")
                : Html.Nothing);
}
