using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using OpCollector.Checkpoints;
using OpCollector.Events;
using OpCollector.Sources;
using OpCollector.Storage;

namespace OpCollector.Cli;

/// <summary><c>opcollector backfill</c>: delivers a part of the log again, beside cron and without touching its checkpoint.</summary>
internal static class BackfillCommand
{
    public static Command Create(Func<ParseResult, Host> host)
    {
        var from = new Option<long?>("--from") { Description = "op: deliver what is newer than this event", HelpName = "eid", CustomParser = argument => Eids.Parse(argument) };
        var to = new Option<long?>("--to") { Description = "op: up to and with this event. Without it: up to where cron is now", HelpName = "eid", CustomParser = argument => Eids.Parse(argument) };
        var since = new Option<string?>("--since") { Description = "Deliver what happened from this time on: 2026-11-01, 2026-11-01T12:00:00Z, or 24h for 24 hours ago", HelpName = "time", CustomParser = argument => Times.Parse(argument) };
        var until = new Option<string?>("--until") { Description = "Up to and with this time. Without it: up to where cron is now", HelpName = "time", CustomParser = argument => Times.Parse(argument) };
        var stream = new Option<string?>("--stream") { Description = "events-api: this stream alone", HelpName = "name" };
        stream.AcceptOnlyFromAmong([.. EventStream.All.Select(each => each.Name)]);
        var parallel = new Option<int>("--parallel") { Description = "op: so many calls of op at once, each with a session of its own", HelpName = "n", CustomParser = argument => CallsAtOnce.Parse(argument), DefaultValueFactory = _ => 1 };
        var dryRun = new Option<bool>("--dry-run") { Description = "Print what would be delivered; change nothing, send nothing" };
        var findings = new Option<bool>("--findings") { Description = "Show the events to the rules too, from an empty memory, and deliver what they find behind them" };
        var command = new Command("backfill", "Deliver older events again, from a given one or a time on; interrupted, the same command goes on where it was") { from, to, since, until, stream, parallel, findings, dryRun };
        command.SetAction(async (parsed, _) =>
        {
            var made = host(parsed);
            var now = made.Time.GetUtcNow();
            var range = Range((parsed.GetValue(from), parsed.GetValue(to)), (Times.Of(parsed.GetValue(since), now), Times.Of(parsed.GetValue(until), now), parsed.GetValue(stream)));
            var (chosen, atOnce) = (range(made.Settings.Source), parsed.GetValue(parallel));
            if (made.Settings.Source.Op is null && parsed.GetResult(parallel) is { Implicit: false })
            {
                throw Usage("--parallel is for the op source: the Events API tells with each page where the next one begins, so they are asked for one after the other");
            }

            var withFindings = parsed.GetValue(findings);
            if (made.Settings.Sink.OnlyFindings && !withFindings)
            {
                throw Usage("sink.only is \"findings\", and without --findings there are none");
            }

            var name = Name(made.Fingerprint, chosen, withFindings);
            var kind = RunKind.Backfill($"backfill-{name}.walk.ndjson", withFindings, atOnce);
            return (int)(parsed.GetValue(dryRun) ? await PreviewAsync(made, chosen, kind) : await BackfillAsync(made, chosen, kind, name));
        });
        return command;
    }

    // What the words alone tell comes before the configuration is read.
    static Func<SourceSettings, BackfillRange> Range((long? From, long? To) eids, (AskedTime? Since, AskedTime? Until, string? Stream) times) => (eids, times) switch
    {
        ((null, null), (null, null, null)) => throw Usage("--from EID or --since TIME is missing"),
        ((null, _), (null, null, null)) => throw Usage("--from EID is missing"),
        ((null, null), (null, _, _)) => throw Usage("--since TIME is missing"),
        ((null, null), ({ } since, var until, var stream)) when until is null || until.Time > since.Time => source =>
            source.EventsApi is not null ? new TimeRange(since, until, stream)
            : stream is null ? new LogTimeRange(since, until)
            : throw Usage("--stream is for the events-api source: op has the one stream audit"),
        ((null, null), _) => throw Usage("--until must be later than --since"),
        (({ } from, var to), (null, null, null)) when to > from || to is null => source =>
            source.Op is not null ? new EidRange(from, to)
            : throw Usage("--from and --to are for the op source; for the events-api source write --since TIME [--until TIME] [--stream NAME]"),
        (_, (null, null, null)) => throw Usage("--to must be above --from"),
        _ => throw Usage("--from and --to go by event ids, and --since, --until and --stream by time; they do not go together"),
    };

    static Failure Usage(string what) => new(ExitCode.Usage, $"{what}; see opcollector backfill --help");

    static async Task<ExitCode> PreviewAsync(Host host, BackfillRange range, RunKind kind)
    {
        await using var run = Run.Open(host, kind with { IsDry = true });
        var end = await run.ToEndAsync(async collector =>
        {
            if (await range.BeginAsync(host, run.Source, run.Limits.Stop) is { } begun)
            {
                await collector.PreviewAsync(begun.Checkpoint, Output.Form(chosen: null), range.Within(begun.Content));
            }
        });
        run.WarnOfRules();
        return end.CodeOrThrow();
    }

    static async Task<ExitCode> BackfillAsync(Host host, BackfillRange range, RunKind kind, string name)
    {
        host.State.Ensure();
        using var held = host.TryLock($"backfill-{name}.lock") ?? throw new Failure(ExitCode.HeldUp, "The same backfill is running already");
        using var sink = host.Sink();
        await using var run = Run.Open(host, kind);
        var checkpoints = new CheckpointFile(host.State, CheckpointFile.OfBackfill(name), host.Fingerprint, host.Log);
        var end = await run.ToEndAsync(async collector =>
        {
            if ((checkpoints.Read() ?? await BeginAsync(range, host, run, checkpoints)) is not { } checkpoint)
            {
                return;
            }

            // A sink that cron knows is no stranger here, also where cron has come to know it since this began.
            checkpoint = checkpoint with { SinkAccepted = checkpoint.SinkAccepted ?? host.Checkpoints.Read()?.SinkAccepted };
            host.Log.Information("Backfilling after {Position:l}", checkpoint.Position);
            await collector.CollectAsync(checkpoint, checkpoints, sink, host.Quarantine, range.Within(checkpoints.Backfill));
            if (run.Source.Trouble is null)
            {
                checkpoints.Delete();
                host.State.Delete(kind.Walk);
            }
        });

        run.WarnOfRules();
        if (run.Collector.Counts.Quarantined is > 0 and var count)
        {
            host.Log.Warning(
                "{Count} {Items:l} could not be delivered and {Lie:l} in {Path:l} with the reason; opcollector replay sends them again",
                count,
                count == 1 ? "item" : "items",
                count == 1 ? "lies" : "lie",
                host.Quarantine.FullPath);
        }

        var code = end.CodeOrThrow();
        run.Summarize(sink.Name, host.Time.GetUtcNow());
        return code;
    }

    static async Task<Checkpoint?> BeginAsync(BackfillRange range, Host host, Run run, CheckpointFile checkpoints)
    {
        if (await range.BeginAsync(host, run.Source, run.Limits.Stop) is not { } begun)
        {
            return null;
        }

        checkpoints.Backfill = begun.Content;
        checkpoints.Write(begun.Checkpoint);
        return begun.Checkpoint;
    }

    static string Name(string fingerprint, BackfillRange range, bool findings) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{fingerprint} {range.Key}{(findings ? " findings" : "")}")).AsSpan(0, 6));
}
