using System.CommandLine;
using OpCollector.Cli.Hosting;
using OpCollector.Cli.Input;
using OpCollector.Cli.Runs;
using OpCollector.Events;

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
    public BackfillRequest Read(ParseResult parsed, Host host)
    {
        var now = host.Time.GetUtcNow();
        var asked = new AskedRange(
            parsed.GetValue(_from),
            parsed.GetValue(_to),
            TimeParsing.Parse(parsed.GetValue(_since), now),
            TimeParsing.EndOf(parsed.GetValue(_until), now),
            parsed.GetValue(_stream));
        var request = new BackfillRequest(
            asked.RangeIn(host), parsed.GetValue(_findings) ? RulesOfRun.All : RulesOfRun.DropOnly, parsed.GetValue(_parallel));
        var streams = asked.Stream is { } one ? [one] : host.Settings.Source.StreamNames;
        return request.Rules != RulesOfRun.All && streams.All(stream => host.Settings.Sink.LeftBehind.Contains(stream))
            ? throw AskedRange.Usage("the sink wants findings alone (\"only\"), and without --findings there is nothing to deliver")
            : request;
    }

    static Option<long?> Eid(string name, string description) =>
        new(name) { Description = description, HelpName = "eid", CustomParser = argument => NumberParsing.Eid(argument) };

    static Option<string?> Time(string name, string description) =>
        new(name) { Description = description, HelpName = "time", CustomParser = argument => TimeParsing.Parse(argument) };
}
