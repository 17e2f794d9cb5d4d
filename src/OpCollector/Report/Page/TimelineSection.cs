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

    public Html Render()
    {
        if (timeline.IsEmpty)
        {
            return PageText.Section(AnchorKind.Timeline, "Timeline", PageText.Note("No event has a time that can be right."));
        }

        var all = timeline.All.ToArray();
        var most = Math.Max(1, all.Max(each => each.Bucket?.Events.Count ?? 0));
        var width = (double)Width / all.Length;
        for (var at = 0; at < all.Length; at++)
        {
            if (all[at].Bucket is { } bucket)
            {
                Add(all[at].From, bucket, (at * width, width), (double)(Height - Top) / most);
            }
        }

        return PageText.Section(
            AnchorKind.Timeline,
            "Timeline",
            PageText.Note($"Each bar is {PageText.Span(timeline.Width)}; times are UTC. A diamond marks findings, in the colour of the most severe."),
            Picture(all[0].From, all[^1].From.Plus(timeline.Width)),
            Html.Element(
                Tag.Details,
                Html.Element(Tag.Summary, "The same as a table"),
                PageText.Table(
                    "Events and findings by time",
                    ["From (UTC)", .. Streams.All.Select(PageText.Stream), "findings", "most severe", "events"],
                    _rows)));
    }

    void Add(DateTimeOffset from, TimelineBucket bucket, (double From, double Width) place, double unit)
    {
        var heading = $"{PageText.Text(from)} and {PageText.Span(timeline.Width)} from there";
        var list = lists.Add(heading, bucket.Events, [.. FindingsOf(bucket)]);
        var (parts, foot) = (new List<Html>(), (double)Height);
        foreach (var stream in Streams.All.Where(stream => bucket.Count(stream) > 0))
        {
            var height = Math.Max(1, bucket.Count(stream) * unit);
            foot -= height;
            parts.Add(Html.Element(
                Tag.Rect,
                new Attributes { Class = stream, Area = (place.From + 0.5, foot, Math.Max(1, place.Width - 1), height) }));
        }

        var words = string.Join(", ", Streams.All.Select(stream => $"{PageText.Number(bucket.Count(stream))} {PageText.Stream(stream)}"));
        parts.Add(Html.Element(Tag.Title, $"{heading}: {words}, {Quantity.Format(bucket.FindingsInAll, "finding")}"));
        if (bucket.Worst is { } worst)
        {
            parts.Add(Html.Element(
                Tag.Path, new Attributes { Class = $"mark {PageText.Level(worst)}", Outline = Diamond(place.From + (place.Width / 2)) }));
        }

        // The table has the same links for the keyboard.
        _bars.Add(Html.Element(Tag.A, new Attributes { LinkTo = list, TabIndex = -1 }, parts));
        _rows.Add(PageText.Row(
            [
                PageText.RowHead(PageText.Time(from)),
                .. Streams.All.Select(stream => PageText.NumberCell(Number(bucket.Count(stream), PageText.Stream(stream)))),
                PageText.NumberCell(Number(bucket.FindingsInAll, "findings")),
                PageText.Cell(bucket.Worst is { } level ? PageText.Badge(level) : Html.Nothing),
                PageText.Cell(Html.Element(Tag.A, new Attributes { LinkTo = list, Label = $"show the events: {heading}" }, "show")),
            ]));

        Html Number(long count, string of) => count == 0
            ? PageText.Number(count)
            : Html.Element(
                Tag.A,
                new Attributes { LinkTo = list, Label = $"{PageText.Number(count)} {of}: {heading}" },
                PageText.Number(count));
    }

    IEnumerable<Html> FindingsOf(TimelineBucket bucket)
    {
        if (bucket.FindingsInAll == 0)
        {
            yield break;
        }

        var left = bucket.FindingsInAll - bucket.Findings.Count;
        yield return Html.Element(
            Tag.Ul,
            new Attributes { Class = "events" },
            [
                .. bucket.Findings.Select(finding => Html.Element(
                    Tag.Li, PageText.Badge(finding.Rule.Level), " ", findings.Link(finding, finding.Rule.Title))),
                left > 0 ? Html.Element(Tag.Li, $"{Quantity.Format(left, "finding")} more, not shown here") : Html.Nothing,
            ]);
    }

    Html Picture(DateTimeOffset from, DateTimeOffset to) => Html.Element(
        Tag.Figure,
        Html.Element(Tag.Svg, new Attributes { Class = "chart", ViewBox = (Width, Height), IsPicture = true }, _bars),
        Html.Element(
            Tag.Div,
            new Attributes { Class = "axis" },
            Html.Element(Tag.Span, PageText.Text(from)),
            Html.Element(Tag.Span, PageText.Text(to))),
        Html.Element(
            Tag.Figcaption,
            [
                .. Streams.All.Select(stream => Html.Element(
                    Tag.Span, new Attributes { Class = $"key {stream}" }, PageText.Stream(stream))),
                .. FoundFindings.Levels.Where(level => level > RuleLevel.Informational)
                    .Select(PageText.Level)
                    .Select(level => Html.Element(Tag.Span, new Attributes { Class = $"key mark {level}" }, level)),
            ]));

    static string Diamond(double middle) =>
        string.Create(CultureInfo.InvariantCulture, $"M{middle:0.#} {Middle - 9}l7 9l-7 9l-7 -9z");
}
