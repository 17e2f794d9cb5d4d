using OpCollector.Detection;
using OpCollector.Report.Markup;

namespace OpCollector.Report.Page;

/// <summary>
/// A report as one file: nothing in it asks for another, it can be read without a script, and the browser is forbidden to run anything but
/// the style and the script that are part of the program.
/// </summary>
internal sealed class ReportPage(PeriodCounts counts, WorkingHours hours, DisplayNames names, CollectorNotes notes)
{
    static readonly (AnchorKind Place, string Title)[] Sections =
    [
        (AnchorKind.Figures, "Figures"), (AnchorKind.Timeline, "Timeline"), (AnchorKind.Findings, "Findings"), (AnchorKind.Hours, "Hours"),
        (AnchorKind.Active, "Most active"), (AnchorKind.Access, "Access"), (AnchorKind.Failures, "Failed sign-ins"),
        (AnchorKind.Collector, "Collector"), (AnchorKind.Events, "Events"),
    ];

    static readonly string Policy =
        $"default-src 'none'; style-src {EmbeddedFile.Style.Hash}; script-src {EmbeddedFile.Script.Hash}; base-uri 'none'; form-action 'none'";

    readonly EventLists _lists = new();

    public byte[] ToFile()
    {
        var title = $"1Password report {Period()}";
        return Html.Element(Tag.Html, new Attributes { Language = "en" }, Head(title), Body()).ToFile();
    }

    static Html Head(string title) => Html.Element(
        Tag.Head,
        Html.Element(Tag.Meta, new Attributes { Charset = "utf-8" }),
        Html.Element(Tag.Meta, new Attributes { HttpEquivalent = "Content-Security-Policy", Content = Policy }),
        Html.Element(Tag.Meta, new Attributes { Name = "viewport", Content = "width=device-width, initial-scale=1" }),
        Html.Element(Tag.Meta, new Attributes { Name = "color-scheme", Content = "light dark" }),
        Html.Element(Tag.Meta, new Attributes { Name = "referrer", Content = "no-referrer" }),
        Html.Element(Tag.Meta, new Attributes { Name = "robots", Content = "noindex" }),
        Html.Element(Tag.Title, title),
        Html.Style(EmbeddedFile.Style));

    Html Body()
    {
        // The lists come last, when every figure has asked for its own.
        var sections = Html.Join(Content().ToArray());
        return Html.Element(
            Tag.Body,
            Html.Element(Tag.A, new Attributes { Class = "skip", LinkTo = Anchor.The(AnchorKind.Main) }, "Skip to the report"),
            Html.Element(
                Tag.Header,
                Html.Element(Tag.H1, "What happened in 1Password"),
                Html.Element(Tag.P, $"{Period()}, {Quantity.Format(counts.Events, "event")}, {Quantity.Format(counts.Findings.Total, "finding")}")),
            Html.Element(
                Tag.Nav,
                new Attributes { Label = "Sections" },
                Html.Element(
                    Tag.Ul,
                    [.. Sections.Select(each => Html.Element(
                        Tag.Li, Html.Element(Tag.A, new Attributes { LinkTo = Anchor.The(each.Place) }, each.Title)))])),
            Html.Element(Tag.Main, new Attributes { Id = Anchor.The(AnchorKind.Main), TabIndex = -1 }, sections, Lists()),
            Html.Element(
                Tag.Footer,
                Html.Element(Tag.P, "Made by OpCollector from the events of 1Password. This page holds names of people and vaults.")),
            Html.Script(EmbeddedFile.Script));
    }

    IEnumerable<Html> Content()
    {
        var findings = new FindingAnchors(counts.Findings.Shown);
        yield return FiguresSection.Render(counts, _lists, findings);
        yield return new TimelineSection(counts.Timeline, _lists, findings).Render();
        yield return FindingsSection.Render(counts.Findings, findings, names);
        yield return new HoursSection(counts.Admins, hours, _lists, names).Render();
        yield return Active();
        yield return new AccessSection(counts.Access, counts.Span, counts.Privileged, _lists).Render();
        yield return Failures();
        yield return CollectorSection.Render(notes, counts.Quiet, _lists);
    }

    Html Active()
    {
        var table = new RankingTable(_lists);
        return PageText.Section(
            AnchorKind.Active,
            "Most active",
            Html.Element(
                Tag.Div,
                new Attributes { Class = "columns" },
                Html.Element(Tag.Div, table.Render("Most active people", "Person", counts.People, NameOf)),
                Html.Element(Tag.Div, table.Render("Most used clients", "Client", counts.Clients, each => each.Key)),
                Html.Element(Tag.Div, table.Render("Countries", "Country", counts.Countries, each => each.Key))));
    }

    Html Failures()
    {
        if (counts.Failed.Reasons.Total == 0)
        {
            return PageText.Section(
                AnchorKind.Failures,
                "Failed sign-ins",
                PageText.Note("No sign-in failed, or these events tell of none."));
        }

        var table = new RankingTable(_lists);
        return PageText.Section(
            AnchorKind.Failures,
            "Failed sign-ins",
            Html.Element(
                Tag.Div,
                new Attributes { Class = "columns" },
                Html.Element(Tag.Div, table.Render("Failed sign-ins by reason", "Reason", counts.Failed.Reasons, each => each.Key)),
                Html.Element(Tag.Div, table.Render("Failed sign-ins by person", "Person", counts.Failed.People, NameOf)),
                Html.Element(Tag.Div, table.Render("Failed sign-ins by address", "Address", counts.Failed.Addresses, each => each.Key))));
    }

    Html Lists() => PageText.Section(
        AnchorKind.Events, "Events behind the figures", PageText.Note("For each figure its newest events; times are UTC."), _lists.All);

    string NameOf(Ranked person) => names.NameOf(person.Key, person.Name);

    string Period() => (counts.Span.Since ?? counts.First, counts.Span.Until ?? counts.Last) is ({ } from, { } to)
        ? $"{PageText.Text(from)} to {PageText.Text(to)} UTC"
        : "without any time";
}
