using System.CommandLine;
using OpCollector.Configuration;
using OpCollector.Delivery;
using OpCollector.Detection;
using OpCollector.Reporting;

namespace OpCollector.Cli;

/// <summary><c>opcollector collect</c>: what cron starts.</summary>
internal static class CollectCommand
{
    static readonly TimeSpan TellAgain = TimeSpan.FromDays(1);
    static readonly TimeSpan PatienceForSilence = TimeSpan.FromSeconds(30);

    public static Command Create(Func<ParseResult, Setup> setup)
    {
        var dryRun = new Option<bool>("--dry-run") { Description = "Print what would be delivered; change nothing, send nothing" };
        var output = Output.Option();
        var limit = new Option<int?>("--limit") { Description = "With --dry-run: stop after so many events", HelpName = "n", CustomParser = Limit.Parse };
        var quarantineRejected = new Option<bool>("--quarantine-rejected") { Description = "Put events aside even where the sink refuses every one of them" };
        var command = new Command("collect", "Deliver every event after the checkpoint, then move the checkpoint (for cron)") { dryRun, limit, output, quarantineRejected };
        command.Validators.Add(result =>
        {
            foreach (var option in new Option[] { limit, output })
            {
                if (result.GetResult(option) is { Implicit: false } && result.GetResult(dryRun) is not { Implicit: false })
                {
                    result.AddError($"{option.Name} goes with --dry-run only.");
                }
            }

            if (result.GetResult(quarantineRejected) is { Implicit: false } && result.GetResult(dryRun) is { Implicit: false })
            {
                result.AddError("--quarantine-rejected and --dry-run do not go together.");
            }
        });
        command.SetAction(async (parsed, _) => (int)(parsed.GetValue(dryRun)
            ? await PreviewAsync(setup(parsed), parsed.GetValue(output), parsed.GetValue(limit))
            : await CollectAsync(setup(parsed), parsed.GetValue(quarantineRejected))));
        return command;
    }

    static Task<ExitCode> PreviewAsync(Setup setup, string? output, int? limit) => Run.PreviewAsync(
        setup,
        setup.Settings.Detection.IsDelivered,
        async (collector, source, limits) => await collector.PreviewAsync(
            setup.Checkpoints.Read() ?? await source.AnchorAsync(setup.Settings.Start, limits.Stop),
            Output.Form(output),
            limit: limit));

    static async Task<ExitCode> CollectAsync(Setup setup, bool quarantineRejected)
    {
        var (settings, state) = (setup.Settings, setup.State);
        state.Ensure();
        using var held = setup.TryLock(state.CollectLock);
        if (held is null)
        {
            setup.Log.Information("Another run is at work; leaving it to that one");
            return ExitCode.Done;
        }

        var started = setup.Time.GetUtcNow();
        var before = LastRunFile.Read(state.LastRun);
        var counts = new RunCounts();
        var (code, message, told, listsTold) = (ExitCode.Bug, (string?)null, before?.QuarantineTold, before?.RulesTold);
        var fullRead = before?.LastFullRead;
        try
        {
            using var limits = RunLimits.Within(settings.MaxRunTime, setup.Time).ObeySignals();
            using var sink = setup.Sink();
            var quarantine = setup.Quarantine;
            await using var source = setup.Source(state.Walk, readOnly: false);
            var naming = setup.Naming(source, readOnly: false);
            var watch = setup.Watch(naming, settings.Detection.IsDelivered);
            await using var progress = setup.Progress();
            var collector = new Collector(source, naming, watch, limits, setup.Time, setup.Log) { Progress = progress };
            counts = collector.Counts;
            var checkpoints = setup.Checkpoints;
            async Task TellOfSilenceAsync(bool failed)
            {
                fullRead = collector.HasReadAll ? setup.Time.GetUtcNow() : fullRead;
                await AtTheEndAsync(
                    failed,
                    async ending => await collector.TellOfSilenceAsync(settings.Silence, failed, fullRead, checkpoints, sink, quarantine, ending),
                    setup);
            }

            try
            {
                code = await Run.ToEndAsync(
                    async () => await collector.CollectAsync(await collector.StartAsync(settings.Start, checkpoints), checkpoints, sink, quarantine, quarantineRejected: quarantineRejected),
                    collector,
                    source,
                    limits,
                    setup.Log);
            }
            catch (Failure) when (collector.IsReading)
            {
                await TellOfSilenceAsync(failed: true);
                throw;
            }

            // A run that has more to read, or was told to stop, judges nothing.
            if (collector.HasReadAll || (code == ExitCode.HeldUp && collector.IsReading))
            {
                await TellOfSilenceAsync(failed: !collector.HasReadAll);
            }

            listsTold = WarnOfRules(watch, listsTold, setup);
            (code, told) = TellOfQuarantine(code, quarantine, counts, told, setup);
            Run.Summarize(counts, sink.Name, setup.Time.GetUtcNow() - started, setup.Log);
            return code;
        }
        catch (Failure failure)
        {
            (code, message) = (failure.Code, Redaction.Of(failure.Message));
            (_, told) = TellOfQuarantine(code, setup.Quarantine, counts, told, setup);
            throw;
        }
        finally
        {
            LastRunFile.Write(state.LastRun, new LastRun(started, setup.Time.GetUtcNow(), (int)code, counts.Events, counts.Batches, counts.Quarantined, message, told, counts.Findings, listsTold, fullRead));
        }
    }

    // A receiver that does not take it is told again by the next run; what ended a failed run is the graver news.
    static async Task AtTheEndAsync(bool failed, Func<RunLimits, Task> tell, Setup setup)
    {
        if (!setup.Settings.Detection.IsDelivered)
        {
            return;
        }

        using var ending = RunLimits.Within(PatienceForSilence, setup.Time);
        try
        {
            await tell(ending);
        }
        catch (OperationCanceledException) when (ending.Stop.IsCancellationRequested)
        {
            setup.Log.Warning("The alarm for silence could not be delivered in time; the next run tells it");
        }
        catch (Failure failure) when (failed)
        {
            setup.Log.Warning("The alarm for silence could not be delivered: {Reason:l}", Redaction.Of(failure.Message));
        }
    }

    // Once a day, like the quarantine: an entry of a watch list that is nobody makes rules blind to somebody.
    static DateTimeOffset? WarnOfRules(Watch watch, DateTimeOffset? told, Setup setup)
    {
        if (watch.Warnings.Count == 0 || setup.Time.GetUtcNow() - told < TellAgain)
        {
            return told;
        }

        Run.Warn(watch, setup.Log);
        return setup.Time.GetUtcNow();
    }

    // Once a day, so that it is neither forgotten nor a mail every five minutes. Moving the file away says "seen".
    static (ExitCode Code, DateTimeOffset? Told) TellOfQuarantine(ExitCode code, Quarantine quarantine, RunCounts counts, DateTimeOffset? told, Setup setup)
    {
        var now = setup.Time.GetUtcNow();
        if (counts.Quarantined == 0 && (quarantine.IsEmpty || now - told < TellAgain))
        {
            return (code, told);
        }

        setup.Log.Warning(
            counts.Quarantined > 0
                ? "{Count} items could not be delivered and lie in {Path:l} with the reason; opcollector replay sends them again, and moving the file away says that you have seen it"
                : "{Count} items still lie in {Path:l}; opcollector replay sends them again, and moving the file away says that you have seen it",
            counts.Quarantined > 0 ? counts.Quarantined : quarantine.Ids().Count,
            quarantine.FullPath);
        return (code == ExitCode.Done ? ExitCode.Quarantined : code, now);
    }
}
