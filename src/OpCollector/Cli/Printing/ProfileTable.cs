using System.Globalization;
using NodaTime;
using OpCollector.Detection;
using OpCollector.Events;
using Spectre.Console;

namespace OpCollector.Cli.Printing;

/// <summary>
/// When people work, as <c>profile</c> prints it: a line for each, on request a picture, and the configuration that it proposes.
/// </summary>
/// <param name="nameOf">What a user is called, given the uuid; null where it is not known.</param>
internal sealed class ProfileTable(ActivityProfile[] profiles, Func<string, string?> nameOf)
{
    const int NameColumn = 30;
    const string Shades = " ░▒▓█";

    static readonly IsoDayOfWeek[] Week = [.. Enumerable.Range(1, 7).Select(day => (IsoDayOfWeek)day)];

    readonly (ActivityProfile Profile, ProposedHours Hours)[] _people =
        [.. profiles.Select(profile => (profile, profile.Propose()))];

    /// <summary>One line.</summary>
    public string Json => JsonOutput.List(_people.Select(each => Object(each.Profile, each.Hours)));

    public void Print()
    {
        Screen.Print($"{"WHO",-NameColumn}  EVENTS  {"ZONE",-18}  {"PROPOSED",-20}  COVERS");
        foreach (var (profile, hours) in _people)
        {
            var span = $"{hours.DaysText} {hours.From}-{hours.To}";
            var proposed = hours.IsRegular
                ? string.Create(CultureInfo.InvariantCulture, $"{span,-20}  {100 * hours.Share,3:0} %")
                : "no regular hours";
            var who = ForeignText.Shortened(Who(profile), NameColumn - 1);
            Screen.Print(string.Create(
                CultureInfo.InvariantCulture, $"{who,-NameColumn}  {profile.Events,6}  {profile.Zone.Id,-18}  {proposed}"));
        }

    }

    /// <summary>The hours of each person's week.</summary>
    public void PrintCharts()
    {
        foreach (var (profile, hours) in _people)
        {
            Draw(profile, hours);
        }
    }

    void Draw(ActivityProfile profile, ProposedHours hours)
    {
        var screen = Screen.Open();
        Screen.Print("");
        screen.MarkupLine($"[bold]{Screen.Cell(Who(profile))}[/]   ░ ▒ ▓ █ on few to many days, ·· proposed and idle");
        var clock = Enumerable.Range(0, 24).Select(hour => string.Create(CultureInfo.InvariantCulture, $"{hour:00} "));
        screen.WriteLine($"     {string.Concat(clock)}");
        foreach (var day in Week)
        {
            var cells = Enumerable.Range(0, 24).Select(hour => Cell(profile, hours, day, hour));
            screen.MarkupLine($"{ProposedHours.Name(day)}  {string.Concat(cells)}");
        }
    }

    /// <summary>What is proposed, as it may be written into the configuration.</summary>
    public void PrintConfiguration()
    {
        Screen.Print("");
        var regular = _people.Where(each => each.Hours.IsRegular).ToArray();
        if (regular.Length == 0)
        {
            return;
        }

        Screen.Print("For the configuration. A zone that detection.workingHours does not have is this host's: set each person's own.");
        Screen.Print("\"workingHours\": [");
        foreach (var (profile, hours) in regular)
        {
            Screen.Print($"  {Configuration(profile, hours)}{(profile == regular[^1].Profile ? "" : ",")}");
        }

        Screen.Print("]");
    }

    string Who(ActivityProfile profile) => nameOf(profile.UserUuid) is { } name && profile.CalledBy is { } called && name != called
        ? $"{name} <{called}>"
        : nameOf(profile.UserUuid) ?? profile.CalledBy ?? profile.UserUuid;

    string Object(ActivityProfile profile, ProposedHours hours) => JsonOutput.Object(
        ("who", JsonOutput.Quoted(Who(profile))),
        ("uuid", JsonOutput.Quoted(profile.UserUuid)),
        ("events", profile.Events.ToString(CultureInfo.InvariantCulture)),
        ("regular", JsonOutput.Flag(hours.IsRegular)),
        ("covers", hours.Share.ToString("0.00", CultureInfo.InvariantCulture)),
        ("workingHours", Configuration(profile, hours)));

    static string Configuration(ActivityProfile profile, ProposedHours hours) =>
        $"{{ \"user\": {JsonText.Quoted(profile.CalledBy ?? profile.UserUuid)}, \"timeZone\": \"{profile.Zone.Id}\", " +
        $"\"days\": \"{hours.DaysText}\", \"from\": \"{hours.From}\", \"to\": \"{hours.To}\" }}";

    static string Cell(ActivityProfile profile, ProposedHours proposed, IsoDayOfWeek day, int hour)
    {
        var count = profile[day, hour];
        var shade = count == 0
            ? (proposed.Covers(day, hour) ? '·' : ' ')
            : Shades[1 + Math.Min(3, 4 * (count - 1) / Math.Max(1, profile.Busiest))];
        return $"[{(proposed.Covers(day, hour) ? "green" : "yellow")}]{shade}{shade}[/] ";
    }
}
