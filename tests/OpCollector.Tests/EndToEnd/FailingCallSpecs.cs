namespace OpCollector.Tests;

/// <summary>
/// A disk that fails at any call that changes something ends the run with 74, and the next one finishes it: nothing is lost.
/// <c>OPCOLLECTOR_KILLS=all</c> lets each call fail in each way.
/// </summary>
[Slow]
public sealed class FailingCallSpecs(ITestOutputHelper output)
{
    const int Most = 1000;
    const int AtOnce = 3;
    const int Step = 8;

    // An error, a full disk, and one that has become read-only.
    static readonly string[] Errors = ["EIO", "ENOSPC", "EROFS"];

    static readonly bool IsAll = Environment.GetEnvironmentVariable("OPCOLLECTOR_KILLS") == "all";

    [Theory]
    [InlineData("two pages", "fsync")]
    [InlineData("two pages", "rename")]
    [InlineData("two pages", "pwrite64")]
    [InlineData("two pages", "link")]
    [InlineData("two pages", "openat")]
    [InlineData("walk", "fsync")]
    [InlineData("walk", "pwrite64")]
    [InlineData("malformed item", "fsync")]
    [InlineData("malformed item", "pwrite64")]
    public async Task A_run_whose_disk_fails_at_a_call_is_finished_by_the_next(string name, string call)
    {
        using var situation = await Situation.NamedAsync(name);
        var files = await Trial.FilesAsync(situation);
        var failed = 0;
        // An ordinary run lets the first calls fail, and then every eighth.
        var drawn = new Random(Seeds.Draw()).Next(Step);
        var calls = Enumerable.Range(1, Most).Where(nth => IsAll || nth <= AtOnce || nth % Step == drawn).Chunk(AtOnce).ToArray();

        foreach (var error in IsAll ? Errors : [""])
        {
            foreach (var some in calls)
            {
                var tries = await Task.WhenAll(some.Select(nth =>
                    FailAsync(situation, call, error.Length > 0 ? error : Errors[nth % Errors.Length], nth, files)));
                failed += tries.Count(each => each);
                if (!tries.All(each => each))
                {
                    break;
                }
            }
        }

        output.WriteLine($"Failed {failed} times");
        failed.Should().BePositive();
    }

    static async Task<bool> FailAsync(Situation situation, string call, string error, int nth, string[] files)
    {
        using var trial = new Trial(situation);
        var because = $"call {nth} of {call} failed with {error}";

        var (run, hasFailed) = await SyscallSteps.FailAtAsync(trial.Host, call, error, nth, trial.Own(files));

        // Names can be had again, and a report is only a report, so events go on without them; another thread may fail at its own call.
        var canBeDoneWithout = run.Stderr.Contains("The events go on", StringComparison.Ordinal)
            || run.Stderr.Contains("The report of this run", StringComparison.Ordinal);
        run.ExitCode.Should().BeOneOf(!hasFailed ? [0, 2] : canBeDoneWithout ? [0, 2, 74] : [74], $"{because}: {run.Stderr}");
        run.Errors.Should().HaveCount(run.ExitCode == 74 ? 1 : 0, $"{because}: {run.Stderr}");
        trial.ShouldNotBeAhead(because);
        await trial.ShouldBeFinishedAsync(because);
        return hasFailed;
    }
}
