using System.CommandLine;
using System.CommandLine.Parsing;
using OpCollector.Cli.Hosting;
using OpCollector.Cli.Printing;
using OpCollector.Configuration;
using OpCollector.Delivery;
using OpCollector.Reporting;
using OpCollector.Sources;
using OpCollector.Storage.Postgres;
using Serilog.Core;

namespace OpCollector.Cli;

/// <summary><c>opcollector status</c>: how the last run went and how the collector is doing, by the state directory alone.</summary>
internal static class StatusCommand
{
    public static Command Create(SharedOptions shared)
    {
        var maxAge = new Option<TimeSpan?>("--max-age")
        {
            Description = "For a monitor: one line, and exit code 1 when no run ended well for longer than this, such as 30m",
            HelpName = "duration",
            CustomParser = Age,
        };
        var output = JsonOutput.Option();
        var all = new Option<bool>("--all") { Description = "Of every collector that keeps its state in the database of state.postgres" };
        var command = new Command(
            "status",
            "Print the last run, the position and its age, what was delivered, and the quarantine") { maxAge, all, output };
        command.SetAction((parsed, _) => Task.FromResult((int)(parsed.GetValue(all)
            ? PrintAll(shared.HostWithoutSink(parsed), parsed.GetValue(maxAge), JsonOutput.Chosen(parsed, output))
            : Print(shared.HostWithoutSink(parsed), parsed.GetValue(maxAge), JsonOutput.Chosen(parsed, output)))));
        return command;
    }

    static ExitCode Print(Host host, TimeSpan? maxAge, OutputFormat format)
    {
        var status = host.Status(host.Log);
        var isStale = maxAge is { } age ? status.IsOlderThan(age) : (bool?)null;
        if (format == OutputFormat.Json)
        {
            StdoutSink.TryPrint(StatusJson.Line(status, isStale).Span);
        }
        else if (maxAge is { } most)
        {
            Screen.Print(StatusText.Line(status, host.State.Location, most));
        }
        else
        {
            foreach (var line in StatusText.Verdict(status, host.Settings.Start))
            {
                Screen.PrintRow(line[..2], line[2..]);
            }

            var state = $"{host.State.Location}{(host.State.Exists ? "" : " (no run has used it yet)")}";
            foreach (var (what, text) in StatusText.Lines(status, state, host.Settings.Start, host.Quarantine.Location))
            {
                Screen.PrintRow($"  {what,-11} ", text);
            }
        }

        return status.Damage is { } damage ? throw damage : isStale == true ? ExitCode.Stale : ExitCode.Done;
    }

    // The worst of them counts: a monitor sees one exit code.
    static ExitCode PrintAll(Host host, TimeSpan? maxAge, OutputFormat format)
    {
        var statuses = Collectors(host);
        if (format == OutputFormat.Json)
        {
            StdoutSink.TryPrint(StatusJson.Line(statuses, maxAge).Span);
        }
        else
        {
            var width = statuses.Select(each => each.Name.Length).DefaultIfEmpty().Max();
            foreach (var each in statuses)
            {
                var mark = maxAge is { } age ? $"{StatusText.Word(each.Status, age),-10}" : "";
                Screen.Print($"{mark}{each.Name.PadRight(width)}  {StatusText.Line(each)}");
            }
        }

        return statuses.FirstOrDefault(each => each.Status.Damage is not null) is { } damaged
            ? throw new Failure(damaged.Status.Damage!.Code, damaged.Status.Damage.Message)
            : maxAge is { } most && statuses.Any(each => each.Status.IsOlderThan(most)) ? ExitCode.Stale
            : ExitCode.Done;
    }

    static NamedStatus[] Collectors(Host host)
    {
        if (host.State is not PostgresState all)
        {
            throw new Failure(
                ExitCode.Usage, "status --all is for state.postgres: a state directory is that of one collector, which status shows");
        }

        var collectors = new PostgresCollectors(all.Session);
        var holders = collectors.Holders.Where(each => each.Work == Host.CollectWork).ToLookup(each => each.Name);
        return
        [
            .. collectors.Names.Select(name => all.ForCollector(name)).Select(state => new NamedStatus(
                state.Name,
                CollectorStatus.Read(state, walks: null, host.QuarantineOf(state), source: null, host.Time, Logger.None),
                holders[state.Name].FirstOrDefault())),
        ];
    }

    static TimeSpan? Age(ArgumentResult argument)
    {
        if (DurationText.TryParse(argument.Tokens[0].Value) is { } age)
        {
            return age;
        }

        argument.AddError($"\"{argument.Tokens[0].Value}\" is not {DurationText.Form}.");
        return null;
    }
}
