using System.CommandLine;
using System.Globalization;
using NodaTime;
using OpCollector.Detection;
using OpCollector.Events;
using Spectre.Console;

namespace OpCollector.Cli;

/// <summary><c>opcollector profile</c>: when each administrator works, as a picture, as working hours, and as configuration.</summary>
internal static class ProfileCommand
{
    const int FewestEvents = 20;
    const string Shades = " ░▒▓█";

    static readonly IsoDayOfWeek[] Week = [.. Enumerable.Range(1, 7).Select(day => (IsoDayOfWeek)day)];

    public static Command Create(Func<ParseResult, Host> host)
    {
        var files = new Argument<string[]>("file")
        {
            Description = "Files with events of a few weeks, one on each line or a page; - or nothing means stdin",
            Arity = ArgumentArity.ZeroOrMore,
        };
        files.Validators.Add(EmptyPath.Refuse);
        var command = new Command(
            "profile",
            "Show when each administrator is active, and propose working hours for the configuration") { files };
        command.SetAction((parsed, _) => Task.FromResult((int)Profile(host(parsed), parsed.GetValue(files) ?? [])));
        return command;
    }

    static ExitCode Profile(Host host, string[] files)
    {
        var lists = new ConfiguredRules(host).Watchlists;
        var admins = (lists.Find("admins") ?? []).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var hours = new WorkingHours(host.IsConfigured ? host.Settings.Detection.WorkingHours : [], lists.User);
        var home = DateTimeZoneProviders.Tzdb.GetZoneOrNull(TimeZoneInfo.Local.Id) ?? DateTimeZone.Utc;
        var activity = new Activity((user, address) => hours.ZoneOf(user, address) ?? home, admins);
        var events = new EventFiles(stream: null, host.Log);
        foreach (var (bytes, marks) in events.Read(files))
        {
            activity.Add(bytes, marks.Stream, marks.Time);
        }

        events.Finish();
        if (activity.IsPartial)
        {
            host.Log.Warning(
                "These events are of more than {Most} people, and the least active of them are left out; put the administrators into " +
                    "detection.lists.admins, who are always kept",
                Activity.MostPeople);
        }

        ActivityProfile[] shown =
        [
            .. activity.Profiles
                .Where(profile => admins.Count > 0 ? activity.IsOfAdmin(profile) : profile.Events >= FewestEvents)
                .OrderByDescending(profile => profile.Events),
        ];
        if (shown.Length == 0)
        {
            host.Log.Warning("{Why:l}", WhyNobody(admins.Count > 0));
        }
        else
        {
            Print(shown);
        }

        return events.Code;
    }

    static string WhyNobody(bool hasAdmins) => hasAdmins
        ? "None of detection.lists.admins is active in these events"
        : $"Nobody has {FewestEvents} events or more; give it more history, or name the administrators in detection.lists.admins";

    static void Print(ActivityProfile[] profiles)
    {
        var screen = Screen.Open();
        var proposals = profiles.Select(profile => (Profile: profile, Hours: profile.Propose())).ToArray();
        foreach (var (profile, proposed) in proposals)
        {
            screen.MarkupLine($"[bold]{Screen.Cell(profile.CalledBy ?? profile.UserUuid)}[/], {profile.Events} events, {profile.Zone.Id}");
            var hours = Enumerable.Range(0, 24).Select(hour => string.Create(CultureInfo.InvariantCulture, $"{hour:00} "));
            screen.WriteLine($"     {string.Concat(hours)}");
            foreach (var day in Week)
            {
                screen.MarkupLine(
                    $"{ProposedHours.Name(day)}  " +
                        $"{string.Concat(Enumerable.Range(0, 24).Select(hour => Cell(profile, proposed, day, hour)))}");
            }

            screen.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"proposed: {proposed.DaysText} {proposed.From} to {proposed.To}, which covers {100 * proposed.Share:0} % of the " +
                    $"activity"));
            screen.WriteLine();
        }

        Screen.Print("Time zones are those of detection.workingHours, else this host's: put each person's own in.");
        Screen.Print("");
        Screen.Print("\"workingHours\": [");
        for (var i = 0; i < proposals.Length; i++)
        {
            Screen.Print($"{Configuration(proposals[i].Profile, proposals[i].Hours)}{(i < proposals.Length - 1 ? "," : "")}");
        }

        Screen.Print("]");
    }

    static string Cell(ActivityProfile profile, ProposedHours proposed, IsoDayOfWeek day, int hour)
    {
        var count = profile[day, hour];
        var shade = count == 0
            ? (proposed.Covers(day, hour) ? '·' : ' ')
            : Shades[1 + Math.Min(3, 4 * (count - 1) / Math.Max(1, profile.Busiest))];
        return $"[{(proposed.Covers(day, hour) ? "green" : "yellow")}]{shade}{shade}[/] ";
    }

    static string Configuration(ActivityProfile profile, ProposedHours hours) =>
        $"  {{ \"user\": {JsonText.Quoted(profile.CalledBy ?? profile.UserUuid)}, \"timeZone\": \"{profile.Zone.Id}\", " +
        $"\"days\": \"{hours.DaysText}\", \"from\": \"{hours.From}\", \"to\": \"{hours.To}\" }}";
}
