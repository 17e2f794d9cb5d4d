using System.CommandLine;
using OpCollector.Checkpoints;
using OpCollector.Cli.Hosting;
using OpCollector.Cli.Printing;
using OpCollector.Cli.Runs;
using OpCollector.Delivery;
using OpCollector.Http;
using OpCollector.Names;
using OpCollector.Reporting;
using OpCollector.Storage;

namespace OpCollector.Cli;

/// <summary><c>opcollector check</c>: tries everything a run needs, and delivers nothing.</summary>
internal static class CheckCommand
{
    const string NoEvent = "; nothing of what happened is sent: sink.event holds no {event}";

    public static Command Create(SharedOptions shared)
    {
        var sendTest = new Option<bool>("--send-test")
        {
            Description = "Deliver one event that says that it is a test; it is not counted, and no checkpoint moves",
        };
        var output = JsonOutput.Option();
        var command = new Command("check", "Test everything that a run needs; deliver nothing and move nothing") { sendTest, output };
        command.SetAction(async (parsed, _) =>
        {
            var list = new Checklist(JsonOutput.Chosen(parsed, output));
            var code = await CheckAsync(shared.Host(parsed), list, parsed.GetValue(sendTest));
            if (code == list.Worst)
            {
                list.Finish(parsed.GetValue(sendTest)
                    ? "Ready. The test event was delivered."
                    : "Ready. Nothing was delivered; --send-test delivers one test event.");
            }

            return (int)code;
        });
        return command;
    }

    static async Task<ExitCode> CheckAsync(Host host, Checklist list, bool sendTest)
    {
        if (!await list.TryAsync("configuration", () => Task.FromResult(host.Settings.File)))
        {
            return list.Worst;
        }

        var state = new StateCheck(host);
        await list.TryAsync("state", () => Task.FromResult(state.Try()));
        // Where there is a state, a sign-in that works ends the pause after a refused one.
        await using var run = SourceRun.Open(state.Exists ? new CheckKind(host) : new DryKind(new CheckKind(host)));
        try
        {
            await CheckFilesAsync(host, list);
            await list.TryAsync("detection", () => Task.FromResult(DetectionCheck.Run(new ConfiguredRules(host))));
            await CheckSinkAsync(host, list, run.Limits, sendTest);
            await CheckSourceAsync(run, list, state.Checkpoint);
        }
        catch (OperationCanceledException) when (run.Limits.Signal is not null)
        {
            // What was tried before is on the screen.
        }
        catch (OperationCanceledException) when (run.Limits.Stop.IsCancellationRequested)
        {
            list.Fail("time", new Failure(ExitCode.HeldUp, "maxRunTime was over before everything was tried"));
        }

        return run.Limits.Signal ?? list.Worst;
    }

    static async Task CheckFilesAsync(Host host, Checklist list)
    {
        if (host.Settings.Enrichment.Lists is { Count: > 0 } lists)
        {
            await list.TryAsync(
                "names",
                () => Task.FromResult($"{lists.Sum(each => NameListFile.Read(each).Count)} names in enrichment.lists"));
        }

        if (host.Settings.MetricsFile is { } metrics)
        {
            await list.TryAsync("metrics", () => Task.FromResult(Metrics(metrics)));
        }

        if (host.Settings.Heartbeat is { } heartbeat)
        {
            await list.TryAsync(
                "heartbeat",
                () => Task.FromResult(
                    $"{Monitor(heartbeat.Reveal(), host.Settings.Proxy)}: every run tells it, a check does not"));
        }
    }

    static async Task CheckSinkAsync(Host host, Checklist list, RunLimits limits, bool sendTest)
    {
        try
        {
            using var routes = host.Routes();
            foreach (var route in routes.Used)
            {
                await list.TryAsync(
                    route.Name.Length == 0 ? "sink" : $"route {route.Name}",
                    async () => $"{route.SinkName}: {await route.CheckAsync(limits.Stop)}{(route.HoldsTheEvent ? "" : NoEvent)}");
                if (sendTest)
                {
                    await list.TryAsync("test event", () => SendTestAsync(route, host.Time.GetUtcNow(), limits));
                }
            }
        }
        catch (Failure failure)
        {
            list.Fail("sink", failure);
        }
    }

    // Without the first of them, the others have no chance.
    static async Task CheckSourceAsync(SourceRun run, Checklist list, Checkpoint? checkpoint)
    {
        var isFirst = true;
        foreach (var check in run.Source.Checks(checkpoint?.Position))
        {
            if (!await list.TryAsync(check.Name, () => check.TryAsync(run.Limits.Stop)) && isFirst)
            {
                break;
            }

            isFirst = false;
        }
    }

    static string Monitor(Uri heartbeat, EnvironmentProxy proxy)
    {
        // A proxy that cannot be read keeps every run from it.
        proxy.ForRemote(heartbeat);
        return heartbeat.GetLeftPart(UriPartial.Authority);
    }

    static string Metrics(string file)
    {
        var directory = Path.GetDirectoryName(file)!;
        if (!Directory.Exists(directory))
        {
            throw new Failure(ExitCode.Disk, $"{directory} does not exist; make it, or set metrics.file");
        }

        MetricsFile.RefuseOther(file);
        DirectoryProbe.Try(directory);
        return $"{file} can be written";
    }

    static async Task<string> SendTestAsync(Route route, DateTimeOffset now, RunLimits limits)
    {
        var batch = TestEvent.Create(now, route);
        var receipt = await route.DeliverAsync(batch, limits);
        receipt.RefuseUnfinished();
        return receipt.Rejected.Count == 0
            ? $"delivered to {route.SinkName}: look there for {batch.Events[0].Id}"
            : throw new Failure(
                ExitCode.Configuration,
                $"The sink {route.SinkName} {receipt.Rejected[0].Why}, to the test event {batch.Events[0].Id}");
    }
}
