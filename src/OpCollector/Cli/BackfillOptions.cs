using System.CommandLine;
using OpCollector.Cli.Hosting;
using OpCollector.Cli.Input;
using OpCollector.Cli.Runs;
using OpCollector.Events;
using OpCollector.Sources;

namespace OpCollector.Cli;

/// <summary>The options of <c>backfill</c>: which part of the log is wanted, and how it is brought.</summary>
internal sealed class BackfillOptions
{
    readonly Option<long?> _from = Eid("--from", "op: deliver what is newer than this event");

    readonly Option<long?> _to = Eid("--to", "op: up to and with this event. Without it: up to where cron is now");

    readonly Option<string?> _since = Time(
        "--since",
        "Deliver what happened from this time on: 2026-11-01, 2026-11-01T12:00:00Z, or 24h for 24 hours ago");

    readonly Option<string?> _until = Time("--until", "Up to and with this time or day. Without it: up to where cron is now");

    readonly Option<string?> _stream = new("--stream") { Description = "events-api: this stream alone", HelpName = "name" };

    readonly Option<int> _parallel = new("--parallel")
    {
        Description = "So many calls at once: of op, each with a session of its own; of each stream of the Events API",
        HelpName = "n",
        CustomParser = NumberParsing.CallsAtOnce,
        DefaultValueFactory = _ => 1,
    };

    readonly Option<bool> _findings = new("--findings")
    {
        Description = "Show the events to the rules too, from an empty memory, and deliver what they find behind them",
    };

    readonly Option<bool> _dryRun = new("--dry-run") { Description = "Print what would be delivered; change nothing, send nothing" };

    public BackfillOptions(SharedOptions shared)
    {
        string[] all = [.. EventStream.All.Select(each => each.Name)];
        _stream.AcceptOnlyFromAmong(all);
        _stream.CompletionSources.Clear();
        Completions.Add(_stream, parsed => shared.Host(parsed) is not { IsConfigured: true } configured ? all
            : configured.Settings.Source is { HasStreams: true } source ? source.StreamNames
            : []);
    }

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _from, _to, _since, _until, _stream, _parallel, _findings, _dryRun })
        {
            command.Add(option);
        }
    }

    public bool IsDryRun(ParseResult parsed) => parsed.GetValue(_dryRun);

    /// <summary>What was asked for.</summary>
    /// <exception cref="Failure">The options do not go together, or not with this configuration (64).</exception>
    public (BackfillRange Range, bool Findings, int Parallel) Read(ParseResult parsed, Host host)
    {
        var now = host.Time.GetUtcNow();
        // What the options alone tell comes before the configuration is read.
        var range = RangeOf(
            (parsed.GetValue(_from), parsed.GetValue(_to)),
            (TimeParsing.Parse(parsed.GetValue(_since), now), TimeParsing.EndOf(parsed.GetValue(_until), now), parsed.GetValue(_stream)));
        var chosen = range(host.Settings.Source);
        var findings = parsed.GetValue(_findings);
        var streams = parsed.GetValue(_stream) is { } one ? [one] : host.Settings.Source.StreamNames;
        return !findings && streams.All(stream => host.Settings.Sink.LeftBehind.Contains(stream))
            ? throw Usage("the sink wants findings alone (\"only\"), and without --findings there is nothing to deliver")
            : (chosen, findings, parsed.GetValue(_parallel));
    }

    static Func<SourceSettings, BackfillRange> RangeOf(
        (long? From, long? To) eids,
        (AskedTime? Since, AskedTime? Until, string? Stream) times) => (eids, times) switch
        {
            ((null, null), (null, null, null)) => throw Usage("--from EID or --since TIME is missing"),
            ((null, _), (null, null, null)) => throw Usage("--from EID is missing"),
            ((null, null), (null, _, _)) => throw Usage("--since TIME is missing"),
            ((null, null), ({ } since, var until, var stream)) when until is null || until.Time > since.Time => source =>
                source.HasStreams ? new TimeRange(since, until, stream, $"{since.Key} {until?.Key} {stream}")
                : stream is null ? new TimeRange(since, until, stream, $"{since.Key} {until?.Key}")
                : throw Usage("--stream is for the events-api source: op has the one stream audit"),
            ((null, null), _) => throw Usage("--until must be later than --since"),
            (({ } from, var to), (null, null, null)) when to > from || to is null => source =>
                source.At(from) is not null ? new EidRange(from, to)
                : throw Usage(
                    "--from and --to are for the op source; for the events-api source write --since TIME [--until TIME] [--stream NAME]"),
            (_, (null, null, null)) => throw Usage("--to must be above --from"),
            _ => throw Usage("--from and --to go by event ids, and --since, --until and --stream by time; they do not go together"),
        };

    static Failure Usage(string what) => new(ExitCode.Usage, $"{what}; see opcollector backfill --help");

    static Option<long?> Eid(string name, string description) =>
        new(name) { Description = description, HelpName = "eid", CustomParser = argument => NumberParsing.Eid(argument) };

    static Option<string?> Time(string name, string description) =>
        new(name) { Description = description, HelpName = "time", CustomParser = argument => TimeParsing.Parse(argument) };
}
