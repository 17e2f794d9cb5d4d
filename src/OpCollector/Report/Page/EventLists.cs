using OpCollector.Report.Markup;

namespace OpCollector.Report.Page;

/// <summary>The events behind the figures: each figure that is shown gets a list of its newest events at the end of the page.</summary>
internal sealed class EventLists
{
    readonly List<Html> _lists = [];
    readonly Dictionary<NewestEvents, Anchor> _anchors = new(ReferenceEqualityComparer.Instance);

    /// <summary>All lists, when every figure has its own.</summary>
    public Html All => Html.Join(_lists);

    /// <summary>A figure that leads to the events behind it.</summary>
    /// <param name="of">What it counts, as the heading of the list.</param>
    public Html Link(string of, NewestEvents events) => Link(PageText.Number(events.Count), of, events);

    public Html Link(string text, string of, NewestEvents events) => events.Count == 0
        ? text
        : Html.Element(Tag.A, new Attributes { LinkTo = AnchorOf(events, of), Label = $"{text}, {of}: show the events" }, text);

    // Two figures of the same events lead to one list.
    Anchor AnchorOf(NewestEvents events, string of) =>
        _anchors.TryGetValue(events, out var known) ? known : _anchors[events] = Add(of, events, []);

    /// <summary>A figure that leads to those whom it counts.</summary>
    /// <param name="few">The first of them.</param>
    public Html Link(int count, string of, IReadOnlyList<Html> few)
    {
        if (count == 0)
        {
            return PageText.Number(count);
        }

        var left = count > few.Count ? $"; {PageText.Number(count - few.Count)} are left out" : "";
        var anchor = Anchor.Create(AnchorKind.List, _lists.Count);
        _lists.Add(Html.Element(
            Tag.Details,
            new Attributes { Class = "list", Id = anchor },
            Html.Element(Tag.Summary, PageText.Others(of), $": {PageText.Number(count)}{left}"),
            Html.Element(Tag.Ul, new Attributes { Class = "events" }, [.. few.Select(each => Html.Element(Tag.Li, each))])));
        var number = PageText.Number(count);
        return Html.Element(Tag.A, new Attributes { LinkTo = anchor, Label = $"{number}, {of}: show them" }, number);
    }

    /// <summary>Puts a list at the end of the page.</summary>
    /// <param name="before">What is shown before the events.</param>
    public Anchor Add(string of, NewestEvents events, IReadOnlyList<Html> before)
    {
        var anchor = Anchor.Create(AnchorKind.List, _lists.Count);
        var left = events.LeftOut == 0 ? "" : $"; the newest are shown, {PageText.Number(events.LeftOut)} are left out";
        _lists.Add(Html.Element(
            Tag.Details,
            new Attributes { Class = "list", Id = anchor },
            Html.Element(Tag.Summary, PageText.Others(of), $": {Quantity.Format(events.Count, "event")}{left}"),
            Html.Join(before),
            Rows(events.Events)));
        return anchor;
    }

    public static Html Rows(IEnumerable<ShownEvent> events) =>
        Html.Element(Tag.Ul, new Attributes { Class = "events" }, [.. events.Select(Row)]);

    static Html Row(ShownEvent each) =>
        Html.Element(Tag.Li, PageText.Time(each.Time), " ", PageText.Others(each.Sentence), " ", Html.Element(Tag.Code, each.Id));
}
