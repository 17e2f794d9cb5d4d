using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using OpCollector.Checkpoints;
using OpCollector.Storage;

namespace OpCollector.Cli;

/// <summary><c>opcollector backfill</c>: delivers a part of the log again, beside cron and without touching its checkpoint.</summary>
internal static class BackfillCommand
{
    public static Command Create(Func<ParseResult, Host> host)
    {
        var options = new BackfillOptions();
        var command = new Command(
            "backfill",
            "Deliver older events again, from a given one or a time on; interrupted, the same command goes on where it was");
        options.AddTo(command);
        command.SetAction(async (parsed, _) =>
        {
            var made = host(parsed);
            var (range, findings, parallel) = options.Read(parsed, made);
            var name = Name(made.Fingerprint, range, findings);
            var kind = RunKind.Backfill($"backfill-{name}.walk.ndjson", findings, parallel);
            return (int)(options.IsDryRun(parsed) ? await PreviewAsync(made, range, kind) : await BackfillAsync(made, range, kind, name));
        });
        return command;
    }

    static async Task<ExitCode> PreviewAsync(Host host, BackfillRange range, RunKind kind)
    {
        await using var run = Run.Open(host, kind with { IsDry = true });
        var end = await run.ToEndAsync(async collector =>
        {
            if (await range.BeginAsync(host, run.Source, run.Limits.Stop) is { } begun)
            {
                await collector.PreviewAsync(new Checkpoint(begun), Output.Form(chosen: null));
            }
        });
        run.WarnOfRules();
        return end.CodeOrThrow();
    }

    static async Task<ExitCode> BackfillAsync(Host host, BackfillRange range, RunKind kind, string name)
    {
        using var held = host.TryHold($"backfill-{name}")
            ?? throw new Failure(ExitCode.HeldUp, "The same backfill is running already");
        using var routes = host.Routes();
        await using var run = Run.Open(host, kind);
        var checkpoints = new CheckpointFile(host.State, CheckpointFile.OfBackfill(name), host.Fingerprint, host.Log);
        var end = await run.ToEndAsync(async collector =>
        {
            if ((checkpoints.Read() ?? await BeginAsync(range, host, run, checkpoints)) is not { } checkpoint)
            {
                return;
            }

            // A sink that cron knows is no stranger here, also where cron has come to know it since this began.
            checkpoint = checkpoint with
            {
                Accepted = host.Checkpoints.Read()?.Accepted.SetItems(checkpoint.Accepted) ?? checkpoint.Accepted,
            };
            host.Log.Information("Backfilling after {Position:l}", checkpoint.Position.Text);
            await collector.CollectAsync(checkpoint, run.To(routes, checkpoints));
            if (run.Source.Trouble is null)
            {
                checkpoints.Delete();
                host.Walks?.Delete(kind.Walk);
            }
        });

        run.WarnOfRules();
        WarnOfQuarantine(host, run.Collector.Counts.Quarantined);
        var code = end.CodeOrThrow();
        run.Summarize(routes.Name, host.Time.GetUtcNow());
        return code;
    }

    static async Task<Checkpoint?> BeginAsync(BackfillRange range, Host host, Run run, CheckpointFile checkpoints)
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
                "{Count} {Items:l} could not be delivered and {Lie:l} in {Path:l} with the reason; opcollector replay sends them again",
                count,
                count == 1 ? "item" : "items",
                count == 1 ? "lies" : "lie",
                host.Quarantine.Place);
        }
    }

    static string Name(string fingerprint, BackfillRange range, bool findings) =>
        Convert.ToHexStringLower(
            SHA256.HashData(Encoding.UTF8.GetBytes($"{fingerprint} {range.Key}{(findings ? " findings" : "")}")).AsSpan(0, 6));
}
