using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using OpCollector.Checkpoints;
using OpCollector.Configuration;
using OpCollector.Sources.Op;

namespace OpCollector.Cli;

/// <summary><c>opcollector backfill</c>: delivers a part of the log again, beside cron and without touching its checkpoint.</summary>
internal static class BackfillCommand
{
    public static Command Create(Func<ParseResult, Setup> setup)
    {
        var from = new Option<long>("--from") { Description = "Deliver what is newer than this event", HelpName = "eid", Required = true, CustomParser = Eids.Parse };
        var to = new Option<long?>("--to") { Description = "Up to and with this event. Without it: up to where cron is now", HelpName = "eid", CustomParser = argument => Eids.Parse(argument) };
        var dryRun = new Option<bool>("--dry-run") { Description = "Print what would be delivered; change nothing, send nothing" };
        var command = new Command("backfill", "Deliver older events again, from a given one; interrupted, the same command goes on where it was") { from, to, dryRun };
        command.SetAction(async (parsed, _) =>
        {
            var (first, last) = (parsed.GetValue(from), parsed.GetValue(to));
            return last <= first
                ? throw new Failure(ExitCode.Usage, "--to must be above --from; see opcollector backfill --help")
                : (int)(parsed.GetValue(dryRun) ? await PreviewAsync(setup(parsed), first, last) : await BackfillAsync(setup(parsed), first, last));
        });
        return command;
    }

    static Task<ExitCode> PreviewAsync(Setup setup, long from, long? to) => Run.PreviewAsync(
        setup,
        async (collector, source, limits) =>
            await collector.PreviewAsync(Checkpoint.At(setup.Fingerprint, from), Output.Form(chosen: null), to ?? await EndAsync(setup, source, limits)));

    static async Task<ExitCode> BackfillAsync(Setup setup, long from, long? to)
    {
        var state = setup.State;
        state.Ensure();
        var name = Name(setup.Fingerprint, from, to);
        using var held = setup.TryLock(state.BackfillLock(name));
        if (held is null)
        {
            throw new Failure(ExitCode.HeldUp, "The same backfill is running already");
        }

        using var limits = RunLimits.Unbounded(setup.Settings.MaxRunTime, setup.Time).ObeySignals();
        using var sink = setup.Sink();
        await using var session = setup.Session(readOnly: false);
        using var source = setup.Source(session, state.BackfillWalk(name));
        var checkpoints = new CheckpointFile(state.Backfill(name), setup.Fingerprint, setup.Log);
        var collector = new Collector(source, setup.Naming(session, readOnly: false), limits, setup.Time, setup.Log);
        var started = setup.Time.GetUtcNow();
        ExitCode code;
        try
        {
            code = await Run.ToEndAsync(
                async () =>
                {
                    var checkpoint = checkpoints.Read();
                    if (checkpoint is null)
                    {
                        var end = to ?? await EndAsync(setup, source, limits);
                        if (end <= from)
                        {
                            setup.Log.Warning("Nothing to backfill: cron, or the log, has not gone beyond event {From}", from);
                            return;
                        }

                        checkpoints.Backfill = new BackfillContent(from, end);
                        // A sink that cron knows is no stranger here.
                        checkpoint = Checkpoint.At(setup.Fingerprint, from) with { SinkAccepted = setup.Checkpoints.Read()?.SinkAccepted };
                        checkpoints.Write(checkpoint);
                    }

                    setup.Log.Information("Backfilling after {Position:l}, up to event {To}", checkpoint.Position, checkpoints.Backfill!.To);
                    await collector.CollectAsync(checkpoint, checkpoints, sink, setup.Quarantine, checkpoints.Backfill.To);
                    checkpoints.Delete();
                    DurableFile.Delete(state.BackfillWalk(name));
                },
                collector,
                source,
                limits,
                setup.Log);
        }
        finally
        {
            if (collector.Counts.Quarantined > 0)
            {
                setup.Log.Warning("{Count} items could not be delivered and lie in {Path:l} with the reason; opcollector replay sends them again", collector.Counts.Quarantined, state.Quarantine);
            }
        }

        Run.Summarize(collector.Counts, sink.Name, setup.Time.GetUtcNow() - started, setup.Log);
        return code;
    }

    /// <summary>Where cron is: what is newer comes from there, and nothing twice. Without a checkpoint: the newest event.</summary>
    static async Task<long> EndAsync(Setup setup, OpSource source, RunLimits limits) =>
        setup.Checkpoints.Read()?.LastEventId ?? (await source.AnchorAsync(new Start("latest"), limits.Stop)).LastEventId;

    static string Name(string fingerprint, long from, long? to) => Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{fingerprint} {from} {to}"))).AsSpan(0, 6));
}
