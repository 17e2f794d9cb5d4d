using System.CommandLine;
using NodaTime;
using OpCollector.Cli.Hosting;
using OpCollector.Cli.Input;
using OpCollector.Cli.Printing;
using OpCollector.Detection;

namespace OpCollector.Cli;

/// <summary><c>opcollector profile</c>: when each administrator works, as a picture, as working hours, and as configuration.</summary>
internal static class ProfileCommand
{
    const int FewestEvents = 20;

    public static Command Create(SharedOptions shared)
    {
        var files = new Argument<string[]>("file")
        {
            Description = "Files with events of a few weeks, one on each line or a page; - or nothing means stdin",
            Arity = ArgumentArity.ZeroOrMore,
        };
        files.Validators.Add(EmptyPath.Refuse);
        var chart = new Option<bool>("--chart") { Description = "Also draw the hours of each person's week" };
        var output = JsonOutput.Option();
        var command = new Command(
            "profile",
            "Show when each administrator is active, and propose working hours for the configuration") { files, chart, output };
        command.SetAction((parsed, _) => Task.FromResult((int)Profile(
            shared.Host(parsed),
            parsed.GetValue(files) ?? [],
            JsonOutput.Chosen(parsed, output) == OutputFormat.Json ? ProfileOutput.Json
                : parsed.GetValue(chart) ? ProfileOutput.TableAndCharts
                : ProfileOutput.Table)));
        return command;
    }

    static ExitCode Profile(Host host, string[] files, ProfileOutput output)
    {
        var rules = new ConfiguredRules(host);
        var lists = rules.Watchlists;
        var admins = (lists.Find("admins") ?? []).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var hours = new WorkingHours(host.IsConfigured ? host.Settings.Detection.WorkingHours : [], lists);
        var home = DateTimeZoneProviders.Tzdb.GetZoneOrNull(TimeZoneInfo.Local.Id) ?? DateTimeZone.Utc;
        var activity = new UserActivity((user, address) => hours.ZoneOf(user, address) ?? home, admins);
        var events = new EventFiles(stream: null, host.Log);
        var seen = new RepeatedEvents();
        foreach (var (bytes, marks) in events.Read(files).Where(each => seen.IsNew(each.Marks.Id)))
        {
            activity.Add(bytes, marks.Stream, marks.Time);
        }

        events.Finish();
        WarnIfPartial(host, activity);
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
            Print(new ProfileTable(shown, rules.NameOf), output);
        }

        return events.Code;
    }

    static void WarnIfPartial(Host host, UserActivity activity)
    {
        if (activity.IsPartial)
        {
            host.Log.Warning(
                "These events are of more than {Most} people, and the least active of them are left out; put the administrators into " +
                    "detection.lists.admins, who are always kept",
                UserActivity.MostPeople);
        }
    }

    static void Print(ProfileTable table, ProfileOutput output)
    {
        switch (output)
        {
            case ProfileOutput.Json:
                Screen.Print(table.Json);
                break;
            case ProfileOutput.TableAndCharts:
                table.Print();
                table.PrintCharts();
                table.PrintConfiguration();
                break;
            default:
                table.Print();
                table.PrintConfiguration();
                break;
        }
    }

    static string WhyNobody(bool hasAdmins) => hasAdmins
        ? "None of detection.lists.admins is active in these events"
        : $"Nobody has {FewestEvents} events or more; give it more history, or name the administrators in detection.lists.admins";
}

/// <summary>What a profile of people is printed as.</summary>
internal enum ProfileOutput
{
    Table,

    /// <summary>Below the table, the hours of each person's week.</summary>
    TableAndCharts,
    Json,
}
