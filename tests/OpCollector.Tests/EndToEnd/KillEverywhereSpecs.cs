namespace OpCollector.Tests;

/// <summary>
/// Killed behind every call of the kernel that touches the state directory, the output or the connection: nothing is lost, and
/// at most one batch comes twice. <c>OPCOLLECTOR_KILLS=all</c> leaves no call out, in no situation.
/// </summary>
[Slow]
public sealed class KillEverywhereSpecs(ITestOutputHelper output)
{
    const int Spread = 2;

    // A run may take another turn than the one that was counted.
    const int Margin = 5;

    static readonly bool IsAll = Environment.GetEnvironmentVariable("OPCOLLECTOR_KILLS") == "all";

    // An ordinary run kills behind every eighth change, other ones in each run.
    static readonly int Step = IsAll ? 1 : 8;

    static readonly ParallelOptions Parallelism = new() { MaxDegreeOfParallelism = Environment.ProcessorCount };

    /// <summary>The situations, and whether an ordinary run of the tests tries every eighth change in it.</summary>
    public static TheoryData<string, string, bool> Situations { get; } = new()
    {
        { "two pages", "file", true },
        { "two pages", "receiver", false },
        { "walk", "file", false },
        { "walk", "receiver", false },
        { "malformed item", "file", false },
        { "correlation", "file", false },
        { "correlation", "two files", false },
        { "correlation", "two routes", false },
        { "two pages", "bucket", false },
    };

    [Theory]
    [MemberData(nameof(Situations))]
    public async Task A_run_killed_behind_a_call_on_its_files_is_finished_by_the_next(string name, string outlet, bool isComplete)
    {
        using var situation = await Situation.NamedAsync(name);
        using var outlets = await Outlets.NamedAsync(outlet);
        var files = await Trial.FilesAsync(situation, outlets.Next());

        await KillBehindAsync(
            situation, outlets, IsAll ? SyscallSteps.Any : SyscallSteps.Changes, files, IsAll || isComplete);
    }

    [Theory]
    [InlineData("two pages", "receiver")]
    [InlineData("walk", "receiver")]
    [InlineData("malformed item", "receiver")]
    [InlineData("correlation", "two routes")]
    [InlineData("malformed item", "bucket")]
    public async Task A_run_killed_behind_a_call_on_its_connection_is_finished_by_the_next(string name, string outlet)
    {
        using var situation = await Situation.NamedAsync(name);
        using var outlets = await Outlets.NamedAsync(outlet);

        await KillBehindAsync(situation, outlets, SyscallSteps.Network, [], IsAll);
    }

    [Theory]
    [InlineData("two pages", "file")]
    [InlineData("malformed item", "receiver")]
    public async Task A_run_killed_at_any_call_at_all_is_finished_by_the_next(string name, string outlet)
    {
        using var situation = await Situation.NamedAsync(name);
        using var outlets = await Outlets.NamedAsync(outlet);
        var calls = await CallsAsync(situation, outlets);
        // The long run counts upward until a run survives, which no thread of the recorded one tells for sure.
        var random = new Random(Seeds.Draw());
        var chosen = IsAll ? calls.Keys : [.. random.GetItems([.. calls.Keys.Order(StringComparer.Ordinal)], Spread).Distinct()];
        var first = chosen.ToDictionary(call => call, call => IsAll ? 1 : 1 + random.Next(calls[call]));
        var killed = 0;

        await Parallel.ForEachAsync(chosen, Parallelism, async (call, _) =>
        {
            var isKilled = true;
            for (var nth = first[call]; nth <= calls[call] || (isKilled && IsAll); nth = IsAll ? nth + 1 : int.MaxValue)
            {
                using var trial = new Trial(situation, outlets.Next());
                var run = await SyscallSteps.KillAtAsync(trial.Host, call, nth);
                isKilled = run.ExitCode == SyscallSteps.Killed;
                Interlocked.Add(ref killed, isKilled ? 1 : 0);
                var because = $"it was killed at call {nth} of {call}";

                trial.ShouldNotBeAhead(because);
                await trial.ShouldBeFinishedAsync(because);
            }
        });

        output.WriteLine($"Killed at {killed} calls of {calls.Count} kinds");
    }

    static async Task<IReadOnlyDictionary<string, int>> CallsAsync(Situation situation, Outlets outlets)
    {
        using var trial = new Trial(situation, outlets.Next());
        var (run, calls) = await SyscallSteps.CallsAsync(trial.Host);
        run.ExitCode.Should().BeOneOf([0, 2], run.Stderr);
        return calls;
    }

    async Task KillBehindAsync(Situation situation, Outlets outlets, string calls, string[] files, bool isComplete)
    {
        var killed = 0;
        var all = await StepAsync(0);
        var random = new Random(Seeds.Draw());
        var first = random.Next(Step);
        int[] points = isComplete
            ? [.. Enumerable.Range(1, all + Margin).Where((_, at) => at % Step == first)]
            : [.. Enumerable.Range(0, Spread).Select(i => 1 + random.Next(all * i / Spread, all * (i + 1) / Spread))];
        await Parallel.ForEachAsync(points, Parallelism, async (nth, _) => await StepAsync(nth));

        output.WriteLine($"Killed behind {killed} of {all} calls");
        killed.Should().BeGreaterThanOrEqualTo(isComplete ? (all - Margin) / Step : 1);

        async Task<int> StepAsync(int nth)
        {
            using var trial = new Trial(situation, outlets.Next());
            var step = await SyscallSteps.CollectAsync(trial.Host, nth, calls, trial.Own(files));
            var because = $"it was killed behind call {nth}, {step.Calls.ElementAtOrDefault(nth - 1)}";
            Interlocked.Add(ref killed, step.Run.ExitCode == SyscallSteps.Killed ? 1 : 0);

            step.Run.ExitCode.Should().BeOneOf([0, 2, SyscallSteps.Killed], $"{because}: {step.Run.Stderr}");
            trial.ShouldNotBeAhead(because);
            await trial.ShouldBeFinishedAsync(because);
            return step.Calls.Length;
        }
    }
}
