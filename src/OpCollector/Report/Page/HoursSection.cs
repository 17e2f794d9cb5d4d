using System.Globalization;
using NodaTime;
using OpCollector.Detection;
using OpCollector.Report.Markup;

namespace OpCollector.Report.Page;

/// <summary>When each administrator is active: a week of hours for each, beside the working hours that are configured.</summary>
internal sealed class HoursSection(AdminHours admins, WorkingHours hours, EventLists lists, DisplayNames names)
{
    const int MostShown = 12;
    const int Shades = 4;

    // There are two thousand of them.
    const int LongestOfCell = 30;

    static readonly IsoDayOfWeek[] Week = [.. Enumerable.Range(1, 7).Select(day => (IsoDayOfWeek)day)];

    public Html Render()
    {
        AdminWeek[] all = [.. admins.Weeks.Where(week => week.Profile.Events > 0)];
        return PageText.Section(
            AnchorKind.Hours,
            "When administrators work",
            [
                admins.IsConfigured
                    ? Html.Nothing
                    : PageText.Note(
                        "No administrators are configured (detection.lists.admins). These are the people with the most audit events."),
                all.Length == 0
                    ? PageText.Note($"{(admins.IsConfigured ? "No administrator" : "Nobody")} was active in this period.")
                    : PageText.Note(
                        "A number says on how many dates something was done in that hour, and leads to the last of it. Hours in a frame " +
                            "are working hours; numbers outside of them are underlined."),
                .. all.Take(MostShown).Select(RenderWeek),
                all.Length <= MostShown && !admins.IsPartial
                    ? Html.Nothing
                    : PageText.Note($"The {MostShown} most active are shown; {Left(all.Length - MostShown)} left out."),
            ]);
    }

    string Left(int count) => $"{Quantity.Format(Math.Max(0, count), "other")}{(admins.IsPartial ? " and more are" : count == 1 ? " is" : " are")}";

    Html RenderWeek(AdminWeek week)
    {
        var (profile, name) = (week.Profile, names.NameOf(week.Profile.UserUuid, week.Profile.CalledBy));
        var proposed = profile.Propose();
        bool IsWork(IsoDayOfWeek day, int hour) =>
            hours.Covers(profile.UserUuid, week.Address, day, hour) ?? (proposed.IsRegular && proposed.Covers(day, hour));
        return Html.Join(
            Html.Element(Tag.H3, PageText.Others(name)),
            Html.Element(
                Tag.P,
                lists.Link($"Events of {name}", week.Events),
                $" {(week.Events.Count == 1 ? "event" : "events")}, ",
                week.HasHours
                    ? Html.Join(lists.Link($"Outside the hours of {name}", week.Outside), " outside the configured hours; ")
                    : proposed.IsRegular ? $"no hours are configured: {proposed.DaysText} {proposed.From}–{proposed.To} would be usual; "
                    : "no hours are configured, and none would be usual; ",
                $"time zone {profile.Zone.Id}"),
            Heat(name, week, IsWork));
    }

    Html Heat(string name, AdminWeek week, Func<IsoDayOfWeek, int, bool> isWork) => Html.Element(
        Tag.Div,
        new Attributes { Class = "wide", TabIndex = 0, Role = "region", Label = $"Hours of {name}" },
        Html.Element(
            Tag.Table,
            new Attributes { Class = "heat" },
            Html.Element(
                Tag.Thead,
                Html.Element(
                    Tag.Tr,
                    [
                        Html.Element(Tag.Th, new Attributes { Scope = "col" }, "Day"),
                        .. Enumerable.Range(0, 24).Select(hour => Html.Element(
                            Tag.Th, new Attributes { Scope = "col" }, hour.ToString("00", CultureInfo.InvariantCulture))),
                    ])),
            Html.Element(
                Tag.Tbody,
                [.. Week.Select(day => PageText.Row(
                    [
                        PageText.RowHead(ProposedHours.Name(day)),
                        .. Enumerable.Range(0, 24).Select(hour => Cell(name, week, (day, hour), isWork(day, hour))),
                    ]))])));

    static string Hour((IsoDayOfWeek Day, int Hour) at) =>
        string.Create(CultureInfo.InvariantCulture, $"{ProposedHours.Name(at.Day)} {at.Hour:00}:00");

    Html Cell(string name, AdminWeek week, (IsoDayOfWeek Day, int Hour) at, bool isWork)
    {
        var (count, busiest) = (week.Profile[at.Day, at.Hour], week.Profile.Busiest);
        var shade = count == 0 ? 0 : 1 + Math.Min(Shades - 1, Shades * (count - 1) / Math.Max(1, busiest));
        return Html.Element(
            Tag.Td,
            new Attributes { Class = $"h{shade}{(isWork ? " work" : count > 0 ? " off" : "")}" },
            count == 0
                ? Html.Nothing
                : lists.Link(
                    PageText.Number(count), $"{ForeignText.Shortened(name, LongestOfCell)}, {Hour(at)}", week[at.Day, at.Hour]));
    }
}
