using System.CommandLine;
using OpCollector.Configuration;
using OpCollector.Delivery;
using OpCollector.Reporting;

namespace OpCollector.Cli;

/// <summary><c>opcollector collect</c>: what cron starts.</summary>
internal static class CollectCommand
{
    static readonly TimeSpan TellAgain = TimeSpan.FromDays(1);

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
        var (code, message, told) = (ExitCode.Bug, (string?)null, before?.QuarantineTold);
        try
        {
            using var limits = RunLimits.Within(settings.MaxRunTime, setup.Time).ObeySignals();
            using var sink = setup.Sink();
            var quarantine = setup.Quarantine;
            await using var source = setup.Source(state.Walk, readOnly: false);
            var collector = new Collector(source, setup.Naming(source, readOnly: false), limits, setup.Time, setup.Log);
            counts = collector.Counts;
            var checkpoints = setup.Checkpoints;
            code = await Run.ToEndAsync(
                async () => await collector.CollectAsync(await collector.StartAsync(settings.Start, checkpoints), checkpoints, sink, quarantine, quarantineRejected: quarantineRejected),
                collector,
                source,
                limits,
                setup.Log);
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
            LastRunFile.Write(state.LastRun, new LastRun(started, setup.Time.GetUtcNow(), (int)code, counts.Events, counts.Batches, counts.Quarantined, message, told));
        }
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
