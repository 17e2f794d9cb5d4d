using System.CommandLine;
using NodaTime;
using OpCollector.Cli.Hosting;
using OpCollector.Cli.Input;
using OpCollector.Cli.Printing;
using OpCollector.Cli.Runs;
using OpCollector.Detection;
using OpCollector.Report;
using OpCollector.Report.Page;

namespace OpCollector.Cli;

/// <summary><c>opcollector report</c>: one page that shows what happened, what was found, and when people work.</summary>
internal sealed class ReportCommand
{
    readonly Host _host;
    readonly ConfiguredRules _rules;
    readonly InstalledRules _installed;
    readonly PeriodCounts _counts;

    ReportCommand(Host host, ReportSpan span)
    {
        (_host, _rules) = (host, new ConfiguredRules(host));
        _installed = _rules.Load();
        var lists = _rules.Watchlists;
        var admins = (lists.Find("admins") ?? []).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var home = DateTimeZoneProviders.Tzdb.GetZoneOrNull(TimeZoneInfo.Local.Id) ?? DateTimeZone.Utc;
        _counts = new PeriodCounts(span, new AdminHours(admins, _installed.Hours, home), new PrivilegedEntities(
            lists.Find("privileged_groups") ?? [], lists.Find("privileged_vaults") ?? []), host.Time.GetUtcNow());
    }

    public static Command Create(SharedOptions shared)
    {
        var files = new Argument<string[]>("file")
        {
            Description = "Files with events, one on each line or a page; - or nothing means stdin, and nothing with --since the source",
            Arity = ArgumentArity.ZeroOrMore,
        };
        files.Validators.Add(EmptyPath.Refuse);
        var since = Time("--since", "What happened from this time on: 2026-11-01, 2026-11-01T12:00:00Z, or 7d for seven days ago");
        var until = Time("--until", "Up to and with this time or day");
        var output = new Option<string?>("--out")
        {
            Description = "The file to write; - means stdout. Without it: report.html on a terminal, else stdout",
            HelpName = "file",
        };
        output.Validators.Add(EmptyPath.Refuse);
        var command = new Command("report", "Make one HTML page of events: what happened, what was found, when people work")
        {
            files, since, until, output,
        };
        command.SetAction(async (parsed, _) =>
        {
            var host = shared.HostWithoutSink(parsed);
            var now = host.Time.GetUtcNow();
            var span = new ReportSpan(
                TimeParsing.Parse(parsed.GetValue(since), now)?.Time,
                TimeParsing.EndOf(parsed.GetValue(until), now)?.Time);
            if (span.Until <= span.Since)
            {
                throw new Failure(ExitCode.Usage, "--until must be later than --since; see opcollector report --help");
            }

            var place = new ReportPlace(parsed.GetValue(output));
            place.RefuseInPlaceOf(parsed.GetValue(files) ?? [], host);
            return (int)await new ReportCommand(host, span).RunAsync(parsed.GetValue(files) ?? [], place);
        });
        return command;
    }

    async Task<ExitCode> RunAsync(string[] files, ReportPlace place)
    {
        foreach (var warning in _installed.Warnings)
        {
            _host.Log.Warning("{Warning:l}", warning);
        }

        var code = files.Length == 0 && _counts.Span.Since is { } since ? await ReadSourceAsync(since) : ReadFiles(files);
        if (_counts.Events == 0)
        {
            _host.Log.Warning("There are no events in this period, so the report is empty");
        }

        _counts.Access.AddNames(_rules.Names);
        var names = new DisplayNames(_rules.Names, _counts.People);
        place.Write(new ReportPage(_counts, _installed.Hours, names, CollectorHistory.Read(_host)).ToFile(), _host.Log);
        return code;
    }

    ExitCode ReadFiles(string[] files)
    {
        var (engine, naming) = (_installed.CreateEngine(), new FileNaming(_rules.Names));
        var (events, seen) = (new EventFiles(stream: null, _host.Log), new RepeatedEvents());
        foreach (var (bytes, marks) in events.Read(files).Where(each => seen.IsNew(each.Marks.Id)))
        {
            // The rules see what came before as well, so that they know what is new.
            if (marks.Time > _counts.Span.Until)
            {
                continue;
            }

            Count(engine, naming.Explain(bytes, marks), (marks.Stream!, marks.Id, marks.Time));
        }

        Warn(engine);
        events.Finish();
        return events.Code;
    }

    async Task<ExitCode> ReadSourceAsync(DateTimeOffset since)
    {
        var engine = _installed.CreateEngine();
        var history = new SourceHistory(_host, since, _counts.Span.Until ?? _host.Time.GetUtcNow());
        var code = await history.ReadAsync((each, stream) => Count(engine, each.Bytes, (stream, each.Id, each.Time)));
        Warn(engine);
        return code;
    }

    void Count(RuleEngine engine, ReadOnlyMemory<byte> bytes, (string Stream, string Id, DateTimeOffset? Time) marks)
    {
        var findings = engine.Evaluate(bytes, marks.Stream, marks.Id, marks.Time);
        _counts.Add(bytes, marks.Stream, marks.Id, marks.Time, findings);
        // Each finding has copied the event.
        LargeMemory.Return(findings.Sum(finding => (long)finding.Bytes.Length));
    }

    void Warn(RuleEngine engine)
    {
        foreach (var warning in engine.Warnings)
        {
            _host.Log.Warning("{Warning:l}", warning);
        }
    }

    static Option<string?> Time(string name, string description) =>
        new(name) { Description = description, HelpName = "time", CustomParser = argument => TimeParsing.Parse(argument) };
}
