using System.CommandLine;
using OpCollector.Checkpoints;
using OpCollector.Delivery;
using OpCollector.Names;
using OpCollector.Reporting;
using OpCollector.Storage;

namespace OpCollector.Cli;

/// <summary><c>opcollector check</c>: tries everything a run needs, and delivers nothing.</summary>
internal static class CheckCommand
{
    const string NoEvent = "; nothing of what happened is sent: sink.event holds no {event}";

    public static Command Create(Func<ParseResult, Host> host)
    {
        var sendTest = new Option<bool>("--send-test")
        {
            Description = "Deliver one event that says that it is a test; it is not counted, and no checkpoint moves",
        };
        var command = new Command(
            "check",
            "Try everything a run needs: configuration, state, names, rules, sink, sign-in, the log; change nothing, deliver nothing")
        {
            sendTest,
        };
        command.SetAction(async (parsed, _) => (int)await CheckAsync(host(parsed), parsed.GetValue(sendTest)));
        return command;
    }

    static async Task<ExitCode> CheckAsync(Host host, bool sendTest)
    {
        var list = new Checklist();
        if (!await list.TryAsync("configuration", () => Task.FromResult(host.Settings.File)))
        {
            return list.Worst;
        }

        Checkpoint? checkpoint = null;
        var isMade = false;
        await list.TryAsync("state", () => Task.FromResult(new StateCheck(host).Try(out isMade, out checkpoint)));
        // A success ends the pause after a refusal: that is the one thing a check writes.
        await using var run = Run.Open(host, RunKind.Check with { IsDry = !isMade });
        await CheckFilesAsync(host, list);
        await list.TryAsync("detection", () => Task.FromResult(Detection(host)));
        await CheckSinkAsync(host, list, run.Limits, sendTest);
        await CheckSourceAsync(run, list, checkpoint);
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
                () => Task.FromResult($"{heartbeat().GetLeftPart(UriPartial.Authority)}: every run tells it, a check does not"));
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
            list.Cross("sink", failure);
        }
    }

    // Without the first of them, the others have no chance.
    static async Task CheckSourceAsync(Run run, Checklist list, Checkpoint? checkpoint)
    {
        var isFirst = true;
        foreach (var (what, attempt) in run.Source.Checks(checkpoint?.Position))
        {
            if (!await list.TryAsync(what, () => attempt(run.Limits.Stop)) && isFirst)
            {
                break;
            }

            isFirst = false;
        }
    }

    /// <summary>
    /// How many rules are active, and those that lack something, wholly or in part; what is off by choice is no news. Who is on a watch
    /// list and is nobody is a mistake, once all was asked for that he is looked up in.
    /// </summary>
    static string Detection(Host host)
    {
        var book = new ConfiguredRules(host).Load();
        if (book.Warnings.Count > 0 && new ConfiguredRules(host).KnowsNames)
        {
            throw new Failure(ExitCode.Configuration, string.Join("; ", book.Warnings));
        }

        if (book.UnusedLists.Count > 0)
        {
            throw new Failure(ExitCode.Configuration, string.Join("; ", book.UnusedLists));
        }

        var lacking = book.Statuses.Where(status => status.Lacks).Select(status => $"{status.Rule.Name} ({status.WhyNot})").ToArray();
        var partly = book.Statuses
            .Where(status => status is { IsActive: true, Without.Count: > 0 })
            .Select(status => $"{status.Rule.Name} (without {string.Join(", ", status.Without)})")
            .ToArray();
        var dropping = new ConfiguredRules(host).Dropping();
        return string.Join("; ", [
            $"{book.Statuses.Count(status => status.IsActive)} rules are active",
            .. dropping is null ? Array.Empty<string>() : [$"sink.drop keeps back what {Rules(dropping.Count)}"],
            .. lacking.Length == 0 ? Array.Empty<string>() : [$"inactive: {string.Join(", ", lacking)}"],
            .. partly.Length == 0 ? Array.Empty<string>() : [$"active in part: {string.Join(", ", partly)}"],
            .. book.Warnings.Count == 0
                ? Array.Empty<string>()
                : ["detection.lists and workingHours are looked up when a run has asked for the names"],
        ]);
    }

    static string Rules(int count) => count == 1 ? "1 rule matches" : $"{count} rules match";

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
        var batch = TestEvent.At(now, route);
        var receipt = await route.DeliverAsync(batch, limits);
        receipt.RefuseUnfinished();
        return receipt.Refused.Count == 0
            ? $"delivered to {route.SinkName}: look there for {batch.Events[0].Id}"
            : throw new Failure(
                ExitCode.Configuration,
                $"The sink {route.SinkName} {receipt.Refused[0].Why}, to the test event {batch.Events[0].Id}");
    }

    /// <summary>What was tried so far, with a tick or a cross for each on the screen.</summary>
    sealed class Checklist
    {
        /// <summary>The gravest exit code of what failed.</summary>
        public ExitCode Worst { get; private set; } = ExitCode.Done;

        public async Task<bool> TryAsync(string what, Func<Task<string>> check)
        {
            try
            {
                Print('✓', what, await check());
                return true;
            }
            catch (Failure failure)
            {
                Cross(what, failure);
                return false;
            }
        }

        public void Cross(string what, Failure failure)
        {
            Print('✗', what, failure.Message);
            Worst = ExitCodes.Worst(Worst, failure.Code);
        }

        static void Print(char mark, string what, string text) => Screen.Print($"{mark} {what,-14} {text}");
    }
}
