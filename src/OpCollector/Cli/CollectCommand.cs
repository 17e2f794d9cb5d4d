using System.CommandLine;
using OpCollector.Checkpoints;
using OpCollector.Cli.Hosting;
using OpCollector.Cli.Input;
using OpCollector.Cli.Runs;
using OpCollector.Flow;
using OpCollector.Reporting;

namespace OpCollector.Cli;

/// <summary><c>opcollector collect</c>: what cron starts.</summary>
internal static class CollectCommand
{
    public static Command Create(SharedOptions shared)
    {
        var dryRun = new Option<bool>("--dry-run") { Description = "Print what would be delivered; change nothing, send nothing" };
        var output = DryRunOutput.Option();
        var limit = new Option<int?>("--limit")
        {
            Description = "With --dry-run: stop after so many events",
            HelpName = "n",
            CustomParser = NumberParsing.Events,
        };
        var quarantineRejected = new Option<bool>("--quarantine-rejected")
        {
            Description = "Quarantine events even where the sink rejects every one of them",
        };
        var command = new Command(
            "collect",
            "Deliver every event after the checkpoint, then move the checkpoint (for cron)") { dryRun, limit, output, quarantineRejected };
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
            ? await PreviewAsync(shared.Host(parsed), parsed.GetValue(output), parsed.GetValue(limit))
            : await CollectAsync(
                shared.Host(parsed),
                parsed.GetValue(quarantineRejected) ? TotalRejection.QuarantinesAll : TotalRejection.EndsTheRun)));
        return command;
    }

    static async Task<ExitCode> PreviewAsync(Host host, string? output, int? limit)
    {
        await using var run = SourceRun.Open(new DryKind(new CollectKind(host)));
        var end = await run.ToEndAsync(async collector => await collector.PreviewAsync(
            await collector.FindStartAsync(host.Settings.Start, host.Checkpoints.Read()),
            DryRunOutput.Events(output, host.Settings.Sink),
            limit));
        run.WarnOfRules();
        var code = end.CodeOrThrow();
        run.SummarizePreview();
        return code;
    }

    static async Task<ExitCode> CollectAsync(Host host, TotalRejection totalRejection)
    {
        var heartbeat = new Heartbeat(host.Settings.Heartbeat, host.Settings.Proxy, host.Time, host.Log);
        try
        {
            using var held = host.TryHold(Host.CollectWork);
            if (held is null)
            {
                host.Log.Information("Another run is at work; leaving it to that one");
                return ExitCode.Done;
            }

            heartbeat.Begin();
            var code = await new CollectRun(host).RunAsync(totalRejection);
            await heartbeat.EndAsync(code);
            return code;
        }
        catch (Failure failure)
        {
            await heartbeat.EndAsync(failure.Code);
            throw;
        }
    }
}
