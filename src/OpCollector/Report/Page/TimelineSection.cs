using System.Globalization;
using OpCollector.Detection.Sigma;
using OpCollector.Events;
using OpCollector.Report.Markup;

namespace OpCollector.Report.Page;

/// <summary>What happened when: a picture of bars with the findings on them, and the same as a table.</summary>
internal sealed class TimelineSection(Timeline timeline, EventLists lists, FindingAnchors findings)
{
    const int Width = 1000;
    const int Height = 240;

    // Above the bars, where the findings are.
    const int Top = 40;
    const int Middle = 20;

    readonly List<Html> _bars = [];
    readonly List<Html> _rows = [];

    public Html Show()
    {
        if (timeline.IsEmpty)
        {
            return Words.Section(Place.Timeline, "Timeline", Words.Note("No event has a time that can be right."));
        }

        var all = timeline.All.ToArray();
        var most = Math.Max(1, all.Max(each => each.Stretch?.Events.Count ?? 0));
        var width = (double)Width / all.Length;
        for (var at = 0; at < all.Length; at++)
        {
            if (all[at].Stretch is { } stretch)
            {
                Add(all[at].From, stretch, (at * width, width), (double)(Height - Top) / most);
            }
        }

        return Words.Section(
            Place.Timeline,
            "Timeline",
            Words.Note($"Each bar is {Words.Span(timeline.Width)}; times are UTC. A diamond marks findings, in the colour of the most severe."),
            Picture(all[0].From, all[^1].From.Plus(timeline.Width)),
            Html.Of(
                Tag.Details,
                Html.Of(Tag.Summary, "The same as a table"),
                Words.Table(
                    "Events and findings by time",
                    ["From (UTC)", .. Streams.All.Select(Words.Stream), "findings", "most severe", "events"],
                    _rows)));
    }

    void Add(DateTimeOffset from, Stretch stretch, (double From, double Width) place, double unit)
    {
        var heading = $"{Words.Text(from)} and {Words.Span(timeline.Width)} from there";
        var list = lists.Add(heading, stretch.Events, [.. FindingsOf(stretch)]);
        var (parts, foot) = (new List<Html>(), (double)Height);
        foreach (var stream in Streams.All.Where(stream => stretch.Of(stream) > 0))
        {
            var height = Math.Max(1, stretch.Of(stream) * unit);
            foot -= height;
            parts.Add(Html.Of(
                Tag.Rect,
                new With { Class = stream, Area = (place.From + 0.5, foot, Math.Max(1, place.Width - 1), height) }));
        }

        var words = string.Join(", ", Streams.All.Select(stream => $"{Words.Number(stretch.Of(stream))} {Words.Stream(stream)}"));
        parts.Add(Html.Of(Tag.Title, $"{heading}: {words}, {Counted.Of(stretch.FindingsInAll, "finding")}"));
        if (stretch.Worst is { } worst)
        {
            parts.Add(Html.Of(
                Tag.Path, new With { Class = $"mark {Words.Level(worst)}", Outline = Diamond(place.From + (place.Width / 2)) }));
        }

        // The table has the same links for the keyboard.
        _bars.Add(Html.Of(Tag.A, new With { LinkTo = list, TabIndex = -1 }, parts));
        _rows.Add(Words.Row(
            [
                Words.RowHead(Words.Time(from)),
                .. Streams.All.Select(stream => Words.NumberCell(Number(stretch.Of(stream), Words.Stream(stream)))),
                Words.NumberCell(Number(stretch.FindingsInAll, "findings")),
                Words.Cell(stretch.Worst is { } level ? Words.Badge(level) : Html.Nothing),
                Words.Cell(Html.Of(Tag.A, new With { LinkTo = list, Label = $"show the events: {heading}" }, "show")),
            ]));

        Html Number(long count, string of) => count == 0
            ? Words.Number(count)
            : Html.Of(Tag.A, new With { LinkTo = list, Label = $"{Words.Number(count)} {of}: {heading}" }, Words.Number(count));
    }

    IEnumerable<Html> FindingsOf(Stretch stretch)
    {
        if (stretch.FindingsInAll == 0)
        {
            yield break;
        }

        var left = stretch.FindingsInAll - stretch.Findings.Count;
        yield return Html.Of(
            Tag.Ul,
            new With { Class = "events" },
            [
                .. stretch.Findings.Select(finding => Html.Of(
                    Tag.Li, Words.Badge(finding.Rule.Level), " ", findings.Link(finding, finding.Rule.Title))),
                left > 0 ? Html.Of(Tag.Li, $"{Counted.Of(left, "finding")} more, not shown here") : Html.Nothing,
            ]);
    }

    Html Picture(DateTimeOffset from, DateTimeOffset to) => Html.Of(
        Tag.Figure,
        Html.Of(Tag.Svg, new With { Class = "chart", ViewBox = (Width, Height), IsPicture = true }, _bars),
        Html.Of(
            Tag.Div,
            new With { Class = "axis" },
            Html.Of(Tag.Span, Words.Text(from)),
            Html.Of(Tag.Span, Words.Text(to))),
        Html.Of(
            Tag.Figcaption,
            [
                .. Streams.All.Select(stream => Html.Of(
                    Tag.Span, new With { Class = $"key {stream}" }, Words.Stream(stream))),
                .. FoundFindings.Levels.Where(level => level > RuleLevel.Informational)
                    .Select(level => Html.Of(Tag.Span, new With { Class = $"key mark {Words.Level(level)}" }, Words.Level(level))),
            ]));

    static string Diamond(double middle) =>
        string.Create(CultureInfo.InvariantCulture, $"M{middle:0.#} {Middle - 9}l7 9l-7 9l-7 -9z");
}
