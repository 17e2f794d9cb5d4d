using System.CommandLine;
using OpCollector.Checkpoints;
using OpCollector.Cli.Hosting;
using OpCollector.Cli.Runs;
using OpCollector.Flow;
using OpCollector.Storage;

namespace OpCollector.Cli;

/// <summary><c>opcollector backfill</c>: delivers a part of the log again, beside cron and without touching its checkpoint.</summary>
internal static class BackfillCommand
{
    public static Command Create(SharedOptions shared)
    {
        var options = new BackfillOptions(shared);
        var command = new Command(
            "backfill",
            "Deliver older events again, from a time or an event on; interrupted, the same command resumes");
        options.AddTo(command);
        command.SetAction(async (parsed, _) =>
        {
            var host = shared.Host(parsed);
            var kind = new BackfillKind(host, options.Read(parsed, host));
            return (int)(options.IsDryRun(parsed) ? await PreviewAsync(host, kind) : await BackfillAsync(host, kind));
        });
        return command;
    }

    static async Task<ExitCode> PreviewAsync(Host host, BackfillKind kind)
    {
        await using var run = SourceRun.Open(new DryKind(kind));
        var end = await run.ToEndAsync(async collector =>
        {
            if (await kind.Range.BeginAsync(host, run.Source, run.Limits.Stop) is { } begun)
            {
                await collector.PreviewAsync(new Checkpoint(begun), DryRunOutput.Events(chosen: null, host.Settings.Sink));
            }
        });
        run.WarnOfRules();
        var code = end.CodeOrThrow();
        run.SummarizePreview();
        return code;
    }

    static async Task<ExitCode> BackfillAsync(Host host, BackfillKind kind)
    {
        LogMissingState(host);
        using var held = host.TryHold($"backfill-{kind.Name}")
            ?? throw new Failure(ExitCode.HeldUp, "The same backfill is running already");
        using var routes = host.Routes();
        await using var run = SourceRun.Open(kind);
        var checkpoints = new CheckpointFile(host.State, kind.Scope.CheckpointName, host.Fingerprint, host.Log);
        var end = await run.ToEndAsync(async collector =>
        {
            if ((checkpoints.Read() ?? await BeginAsync(kind.Range, host, run, checkpoints)) is not { } checkpoint)
            {
                return;
            }

            // Routes that collect has delivered to count as working here too, even if that happened after the backfill began.
            checkpoint = checkpoint with
            {
                Accepted = host.Checkpoints.Read()?.Accepted.SetItems(checkpoint.Accepted) ?? checkpoint.Accepted,
            };
            host.Log.Information("Backfilling after {Position:l}", checkpoint.Position.Text);
            await collector.DeliverAllAsync(checkpoint, run.DestinationFor(routes, checkpoints, TotalRejection.EndsTheRun));
            if (run.Source.PartialFailure is null)
            {
                checkpoints.Delete();
                host.Walks?.Delete(kind.Scope.WalkName);
            }
        });

        run.WarnOfRules();
        WarnOfQuarantine(host, run.Collector.Counts.Quarantined);
        var code = end.CodeOrThrow();
        Summarize(host, run, routes.Name);
        return code;
    }

    static void LogMissingState(Host host) => host.Log.Information(
        "{State:l}", host.State.Exists ? $"The state is {host.State.Location}" : host.NoState);

    static void Summarize(Host host, SourceRun run, string sink)
    {
        run.Summarize(sink, host.Time.GetUtcNow());
        if (run.Limits.Signal is not null)
        {
            host.Log.Information("Interrupted; the same command goes on where it stopped");
        }
    }

    static async Task<Checkpoint?> BeginAsync(BackfillRange range, Host host, SourceRun run, CheckpointFile checkpoints)
    {
        if (await range.BeginAsync(host, run.Source, run.Limits.Stop) is not { } begun)
        {
            return null;
        }

        var checkpoint = new Checkpoint(begun);
        checkpoints.Write(checkpoint);
        return checkpoint;
    }

    static void WarnOfQuarantine(Host host, int count)
    {
        if (count > 0)
        {
            host.Log.Warning(
                "{Items:l} quarantined in {Path:l}. Retry with opcollector replay",
                Quantity.Format(count, "item"),
                host.Quarantine.Location);
        }
    }
}
