using System.Buffers;
using System.CommandLine;
using System.Globalization;
using System.Text;
using OpCollector.Cli.Hosting;
using OpCollector.Cli.Input;
using OpCollector.Delivery;
using OpCollector.Detection;
using OpCollector.Detection.Findings;
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
            DryRunOutput.IsText(parsed.GetValue(output)))));
        return command;
    }

    static ExitCode Detect(Host host, string[] files, string[] rules, string? stream, bool isText)
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
            if (findings.Count > 0 && !(isText ? StdoutSink.TryPrint(Text(findings)) : TryPrint(findings)))
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

    static byte[] Text(IReadOnlyList<Finding> findings) => Encoding.UTF8.GetBytes(string.Concat(findings.Select(finding =>
        $"{(finding.Time is { } time ? $"{time.UtcDateTime:u}" : "no time             ")}  " +
        $"{finding.Rule.Level.ToString().ToLowerInvariant(),-8}  {finding.Rule.Name,-30}  {ForeignText.Printable(finding.Summary).TrimEnd()}\n")));

    static bool TryPrint(IReadOnlyList<Finding> findings)
    {
        var bytes = findings.Sum(finding => (long)finding.Bytes.Length);
        if (bytes > LargeMemory.Large)
        {
            var isPrinted = findings.All(finding => StdoutSink.TryPrint(finding.Bytes.Span) && StdoutSink.TryPrint("\n"u8));
            LargeMemory.Return(bytes);
            return isPrinted;
        }

        var lines = new ArrayBufferWriter<byte>();
        foreach (var finding in findings)
        {
            lines.Write(finding.Bytes.Span);
            lines.Write("\n"u8);
        }

        return StdoutSink.TryPrint(lines.WrittenSpan);
    }
}
