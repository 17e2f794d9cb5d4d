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
        return Html.Of(Tag.Html, new Attributes { Language = "en" }, Head(title), Body()).ToFile();
    }

    static Html Head(string title) => Html.Of(
        Tag.Head,
        Html.Of(Tag.Meta, new Attributes { Charset = "utf-8" }),
        Html.Of(Tag.Meta, new Attributes { HttpEquivalent = "Content-Security-Policy", Content = Policy }),
        Html.Of(Tag.Meta, new Attributes { Name = "viewport", Content = "width=device-width, initial-scale=1" }),
        Html.Of(Tag.Meta, new Attributes { Name = "color-scheme", Content = "light dark" }),
        Html.Of(Tag.Meta, new Attributes { Name = "referrer", Content = "no-referrer" }),
        Html.Of(Tag.Meta, new Attributes { Name = "robots", Content = "noindex" }),
        Html.Of(Tag.Title, title),
        Html.Style(EmbeddedFile.Style));

    Html Body()
    {
        // The lists come last, when every figure has asked for its own.
        var sections = Html.All(Content().ToArray());
        return Html.Of(
            Tag.Body,
            Html.Of(Tag.A, new Attributes { Class = "skip", LinkTo = Anchor.The(AnchorKind.Main) }, "Skip to the report"),
            Html.Of(
                Tag.Header,
                Html.Of(Tag.H1, "What happened in 1Password"),
                Html.Of(Tag.P, $"{Period()}, {Quantity.Of(counts.Events, "event")}, {Quantity.Of(counts.Findings.Total, "finding")}")),
            Html.Of(
                Tag.Nav,
                new Attributes { Label = "Sections" },
                Html.Of(
                    Tag.Ul,
                    [.. Sections.Select(each => Html.Of(
                        Tag.Li, Html.Of(Tag.A, new Attributes { LinkTo = Anchor.The(each.Place) }, each.Title)))])),
            Html.Of(Tag.Main, new Attributes { Id = Anchor.The(AnchorKind.Main), TabIndex = -1 }, sections, Lists()),
            Html.Of(
                Tag.Footer,
                Html.Of(Tag.P, "Made by OpCollector from the events of 1Password. This page holds names of people and vaults.")),
            Html.Script(EmbeddedFile.Script));
    }

    IEnumerable<Html> Content()
    {
        var findings = new FindingAnchors(counts.Findings.Shown);
        yield return FiguresSection.Of(counts, _lists, findings);
        yield return new TimelineSection(counts.Timeline, _lists, findings).Show();
        yield return FindingsSection.Of(counts.Findings, findings, names);
        yield return new HoursSection(counts.Admins, hours, _lists, names).Show();
        yield return Active();
        yield return new AccessSection(counts.Access, counts.Span, counts.Privileged, _lists).Show();
        yield return Failures();
        yield return CollectorSection.Of(notes, counts.Quiet, _lists);
    }

    Html Active()
    {
        var table = new RankingTable(_lists);
        return PageText.Section(
            AnchorKind.Active,
            "Most active",
            Html.Of(
                Tag.Div,
                new Attributes { Class = "columns" },
                Html.Of(Tag.Div, table.Of("Most active people", "Person", counts.People, NameOf)),
                Html.Of(Tag.Div, table.Of("Most used clients", "Client", counts.Clients, each => each.Key)),
                Html.Of(Tag.Div, table.Of("Countries", "Country", counts.Countries, each => each.Key))));
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
            Html.Of(
                Tag.Div,
                new Attributes { Class = "columns" },
                Html.Of(Tag.Div, table.Of("Failed sign-ins by reason", "Reason", counts.Failed.Reasons, each => each.Key)),
                Html.Of(Tag.Div, table.Of("Failed sign-ins by person", "Person", counts.Failed.People, NameOf)),
                Html.Of(Tag.Div, table.Of("Failed sign-ins by address", "Address", counts.Failed.Addresses, each => each.Key))));
    }

    Html Lists() => PageText.Section(
        AnchorKind.Events, "Events behind the figures", PageText.Note("For each figure its newest events; times are UTC."), _lists.All);

    string NameOf(Ranked person) => names.NameOf(person.Key, person.Name);

    string Period() => (counts.Span.Since ?? counts.First, counts.Span.Until ?? counts.Last) is ({ } from, { } to)
        ? $"{PageText.Text(from)} to {PageText.Text(to)} UTC"
        : "without any time";
}
