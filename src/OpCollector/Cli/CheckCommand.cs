using System.CommandLine;
using OpCollector.Checkpoints;
using OpCollector.Configuration;
using OpCollector.Enrichment;

namespace OpCollector.Cli;

/// <summary><c>opcollector check</c>: tries everything a run needs, and delivers nothing.</summary>
internal static class CheckCommand
{
    public static Command Create(Func<ParseResult, Setup> setup)
    {
        var command = new Command("check", "Try everything a run needs: configuration, state, sign-in, one page, sink; deliver nothing");
        command.SetAction(async (parsed, _) => (int)await CheckAsync(setup(parsed)));
        return command;
    }

    static async Task<ExitCode> CheckAsync(Setup setup)
    {
        var worst = ExitCode.Done;
        async Task<bool> StepAsync(string what, Func<Task<string>> check)
        {
            try
            {
                Print('✓', what, await check());
                return true;
            }
            catch (Failure failure)
            {
                Print('✗', what, failure.Message);
                worst = ExitCodes.Worst(worst, failure.Code);
                return false;
            }
        }

        if (!await StepAsync("configuration", () => Task.FromResult(setup.Settings.File)))
        {
            return worst;
        }

        using var limits = RunLimits.Unbounded(setup.Settings.MaxRunTime, setup.Time).ObeySignals();
        await StepAsync("state", () => Task.FromResult(State(setup)));
        if (setup.Settings.Enrichment.Lists is { Count: > 0 } lists)
        {
            await StepAsync("names", () => Task.FromResult($"{lists.Sum(list => NameListFile.Read(list).Count)} names in enrichment.lists"));
        }

        await StepAsync("detection", () => Task.FromResult(Detection(setup)));
        await StepAsync("sink", async () =>
        {
            using var sink = setup.Sink();
            return $"{sink.Name}: {await sink.CheckAsync(limits.Stop)}";
        });
        // It tries at once even after a refusal, and a success ends the pause: that is the one thing a check writes.
        await using var source = setup.Source(setup.State.Walk, readOnly: !Directory.Exists(setup.State.FullPath), obeyPause: false);
        var isFirst = true;
        foreach (var (what, attempt) in source.Checks)
        {
            if (!await StepAsync(what, () => attempt(limits.Stop)) && isFirst)
            {
                break;
            }

            isFirst = false;
        }

        return limits.Signal ?? worst;
    }

    static string State(Setup setup)
    {
        if (!Directory.Exists(setup.State.FullPath))
        {
            DurableFile.RefuseObstacle(setup.State.Checkpoint, ExitCode.StateNotCreated, "state.directory");
            return $"{setup.State.FullPath} will be made by the first run";
        }

        setup.State.Ensure();
        var position = setup.Checkpoints.Read()?.Position;
        return $"{setup.State.FullPath}, {(position is null ? "no checkpoint yet" : $"delivered up to {position}")}";
    }

    /// <summary>How many rules are active, and those that lack something, wholly or in part; what is off by choice is no news.</summary>
    static string Detection(Setup setup)
    {
        var book = setup.RuleBook([]);
        var lacking = book.Statuses.Where(status => status.Lacks).Select(status => $"{status.Rule.Name} ({status.WhyNot})").ToArray();
        var partly = book.Statuses.Where(status => status is { IsActive: true, Without.Count: > 0 }).Select(status => $"{status.Rule.Name} (without {string.Join(", ", status.Without)})").ToArray();
        return string.Join("; ", [
            $"{book.Statuses.Count(status => status.IsActive)} rules are active",
            .. lacking.Length == 0 ? Array.Empty<string>() : [$"inactive: {string.Join(", ", lacking)}"],
            .. partly.Length == 0 ? Array.Empty<string>() : [$"active in part: {string.Join(", ", partly)}"],
            .. book.Warnings,
        ]);
    }

    static void Print(char mark, string what, string text) => Console.WriteLine($"{mark} {what,-14} {Redaction.Of(text)}");
}
