using System.CommandLine;
using System.Globalization;
using OpCollector.Cli.Hosting;
using OpCollector.Cli.Input;
using OpCollector.Cli.Printing;
using OpCollector.Detection;
using OpCollector.Events;

namespace OpCollector.Cli;

/// <summary><c>opcollector detect</c>: events in, findings out; nothing is remembered from one run to the next.</summary>
internal static class DetectCommand
{
    public static Command Create(SharedOptions shared)
    {
        var files = new Argument<string[]>("file")
        {
            Description = "Files with events, one on each line or a page; - or nothing means stdin",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var rules = new Option<string[]>("--rules")
        {
            Description = "These rules instead of the built-in ones: a file, or a directory; may be given more than once",
            HelpName = "path",
        };
        var stream = new Option<string?>("--stream")
        {
            Description = "What kind of events they are: audit, signin or itemusage. Without it each event tells",
            HelpName = "stream",
        };
        files.Validators.Add(EmptyPath.Refuse);
        rules.Validators.Add(EmptyPath.Refuse);
        stream.AcceptOnlyFromAmong(Streams.All);
        var output = DryRunOutput.FindingsOption();
        var command = new Command(
            "detect",
            "Run the rules over events from files or stdin; print one finding per line")
        {
            files,
            rules,
            stream,
            output,
        };
        command.SetAction((parsed, _) => Task.FromResult((int)Detect(
            shared.Host(parsed),
            parsed.GetValue(files) ?? [],
            parsed.GetValue(rules) ?? [],
            parsed.GetValue(stream),
            DryRunOutput.Findings(parsed.GetValue(output)))));
        return command;
    }

    static ExitCode Detect(Host host, string[] files, string[] rules, string? stream, FindingOutput output)
    {
        var configured = new ConfiguredRules(host);
        var installed = configured.Load(rules);
        foreach (var warning in installed.Warnings)
        {
            host.Log.Warning("{Warning:l}", warning);
        }

        var engine = installed.CreateEngine(configured.Sentences);
        var found = 0L;
        var events = new EventFiles(stream, host.Log);
        foreach (var (bytes, marks) in events.Read(files))
        {
            var findings = engine.Evaluate(bytes, marks.Stream!, marks.Id, marks.Time);
            found += findings.Count;
            if (findings.Count > 0 && !output.TryPrint(findings))
            {
                return ExitCode.Done;
            }
        }

        foreach (var warning in engine.Warnings)
        {
            host.Log.Warning("{Warning:l}", warning);
        }

        events.Finish();
        host.Log.Information(
            "{Findings} findings in {Events} events by {Rules} rules{Delivered:l}",
            found,
            events.Events,
            installed.Statuses.Count(status => status.IsActive),
            events.Findings == 0
                ? ""
                : string.Create(CultureInfo.InvariantCulture, $"; {events.Findings} findings among them were passed over"));
        return events.Code;
    }
}
