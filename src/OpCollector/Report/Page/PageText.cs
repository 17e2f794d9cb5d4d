using System.Globalization;
using OpCollector.Detection.Sigma;
using OpCollector.Events;
using OpCollector.Report.Markup;

namespace OpCollector.Report.Page;

/// <summary>How numbers, times, severities and streams are written in a page.</summary>
internal static class PageText
{
    public static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    public static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>A time, for people and for programs.</summary>
    public static Html Time(DateTimeOffset? time) => time is { } known
        ? Html.Element(
            Tag.Time,
            new Attributes { DateTime = known.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture), Class = "t" },
            Text(known))
        : Html.Element(Tag.Span, new Attributes { Class = "t" }, "no time");

    public static string Span(TimeSpan span) => span switch
    {
        { TotalHours: < 48 } => Quantity.Format((long)span.TotalHours, "hour"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{span.TotalDays:0.#} days"),
    };

    public static string Level(RuleLevel level) => level.ToString().ToLowerInvariant();

    /// <summary>A severity, told by its word and not by its colour alone.</summary>
    public static Html Badge(RuleLevel level) => Html.Element(Tag.Span, new Attributes { Class = $"badge {Level(level)}" }, Level(level));

    public static string Stream(string stream) => EventStream.All.First(each => each.Name == stream).Words;

    /// <summary>A text of others among ours: its direction of writing is its own.</summary>
    public static Html Others(string text) => Html.Element(Tag.Bdi, text);

    public static Html Row(params IReadOnlyList<Html> cells) => Html.Element(Tag.Tr, cells);

    public static Html Cell(params IReadOnlyList<Html> content) => Html.Element(Tag.Td, content);

    public static Html NumberCell(Html number) => Html.Element(Tag.Td, new Attributes { Class = "n" }, number);

    public static Html RowHead(params IReadOnlyList<Html> content) => Html.Element(Tag.Th, new Attributes { Scope = "row" }, content);

    /// <summary>A table with a heading for each column, wide enough for what is in it without making the page wider.</summary>
    public static Html Table(string caption, IReadOnlyList<string> columns, IEnumerable<Html> rows) => Html.Element(
        Tag.Div,
        new Attributes { Class = "wide", TabIndex = 0, Role = "region", Label = caption },
        Html.Element(
            Tag.Table,
            Html.Element(Tag.Caption, caption),
            Html.Element(Tag.Thead, Html.Element(Tag.Tr, [.. columns.Select(Column)])),
            Html.Element(Tag.Tbody, [.. rows])));

    public static Html Section(AnchorKind place, string title, params IReadOnlyList<Html> content) => Html.Element(
        Tag.Section,
        new Attributes { Id = Anchor.The(place), LabelledBy = Anchor.Create(AnchorKind.Heading, (int)place) },
        [Html.Element(Tag.H2, new Attributes { Id = Anchor.Create(AnchorKind.Heading, (int)place) }, title), .. content]);

    public static Html Note(params IReadOnlyList<Html> text) => Html.Element(Tag.P, new Attributes { Class = "note" }, text);

    static Html Column(string name) => Html.Element(Tag.Th, new Attributes { Scope = "col" }, name);
}
