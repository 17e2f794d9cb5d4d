using System.Diagnostics;
using OpCollector.Sources;

namespace OpCollector.Tests;

/// <summary>
/// The power fails before a change or a sync, and what was not synced is gone, there by half, or there in another order: the
/// next run is right. <c>OPCOLLECTOR_KILLS=all</c> cuts it everywhere, and again in the run after.
/// </summary>
[Slow]
public sealed class PowerLossSpecs(ITestOutputHelper output)
{
    const int Spread = 2;
    const int Killed = 137;

    static readonly bool IsAll = Environment.GetEnvironmentVariable("OPCOLLECTOR_KILLS") == "all";

    [Theory]
    [InlineData("two pages", "file")]
    [InlineData("two pages", "receiver")]
    [InlineData("walk", "file")]
    [InlineData("walk", "receiver")]
    [InlineData("malformed item", "file")]
    [InlineData("correlation", "file")]
    [InlineData("correlation", "two files")]
    [InlineData("correlation", "two routes")]
    [InlineData("malformed item", "two routes")]
    [InlineData("correlation", "bucket")]
    [InlineData("malformed item", "bucket")]
    public async Task A_run_that_a_power_cut_ended_is_finished_by_the_next(string name, string outlet)
    {
        using var situation = await Situation.NamedAsync(name);
        using var outlets = await Outlets.NamedAsync(outlet);
        using var disk = await LossyFileSystem.MountAsync();
        var all = await CutAsync(situation, disk, outlets, [(0, "forget", 0)]);
        var random = new Random(Seeds.Draw());
        var way = random.Next(LossyFileSystem.Ways.Length);
        var cuts = IsAll
            ? Enumerable.Range(1, all + 1).SelectMany(nth => LossyFileSystem.Ways.Select(each => (nth, each, Seed: nth)))
            : Enumerable.Range(0, Spread).Select(i => (
                1 + random.Next(all * i / Spread, all * (i + 1) / Spread),
                LossyFileSystem.Ways[(way + i) % LossyFileSystem.Ways.Length],
                random.Next()));
        var tried = 0;

        foreach (var cut in cuts)
        {
            await CutAsync(situation, disk, outlets, [cut]);
            tried++;
        }

        output.WriteLine($"The power was cut {tried} times, at {all} places");
    }

    [Theory]
    [InlineData("two pages", "file")]
    [InlineData("walk", "receiver")]
    [InlineData("malformed item", "file")]
    [InlineData("correlation", "two routes")]
    [InlineData("malformed item", "bucket")]
    public async Task Two_runs_that_power_cuts_ended_are_finished_by_the_third(string name, string outlet)
    {
        using var situation = await Situation.NamedAsync(name);
        using var outlets = await Outlets.NamedAsync(outlet);
        using var disk = await LossyFileSystem.MountAsync();
        var all = await CutAsync(situation, disk, outlets, [(0, "forget", 0)]);

        var random = new Random(Seeds.Draw());
        for (var pair = 0; pair < (IsAll ? 300 : 1); pair++)
        {
            await CutAsync(situation, disk, outlets, [Cut(), Cut()]);
        }

        (int, string, int) Cut() => (1 + random.Next(all), random.GetItems(LossyFileSystem.Ways, 1)[0], random.Next());
    }

    [Fact]
    public async Task A_run_whose_syncs_do_nothing_is_caught()
    {
        using var situation = await Situation.TwoPagesAsync();
        using var disk = await LossyFileSystem.MountAsync();
        using var trial = new Trial(situation, disk: await disk.MakeAsync("unsynced"));
        await disk.SyncAsync();

        var run = await Strace.CollectAsync(trial.Host, "fsync:retval=0");
        await disk.RestartAsync("names", 0);
        var next = await trial.Host.CollectAsync();

        run.ExitCode.Should().Be(0, run.Stderr);
        trial.Delivered.Should().BeEmpty();
        next.ExitCode.Should().Be(78);
        next.Complaint.Should().Contain("checkpoint.json is damaged").And.Contain("checkpoint.prev.json is damaged");
    }

    [Theory]
    [InlineData("printf new > file", "forget", "old")]
    [InlineData("printf new > file.tmp; mv file.tmp file", "forget", "old")]
    [InlineData("printf new > file.tmp; mv file.tmp file", "names", "")]
    [InlineData("printf new > file.tmp; mv file.tmp file; sync .", "forget", "")]
    [InlineData("printf new > file.tmp; sync file.tmp; mv file.tmp file", "forget", "old")]
    [InlineData("printf new > file.tmp; sync file.tmp; mv file.tmp file", "names", "new")]
    [InlineData("printf new > file.tmp; sync file.tmp; mv file.tmp file; sync .", "forget", "new")]
    [InlineData("rm file", "forget", "old")]
    [InlineData("rm file", "names", "(none)")]
    [InlineData("rm file; sync .", "forget", "(none)")]
    public async Task A_file_system_that_forgets_keeps_what_was_synced_and_nothing_else(string writer, string way, string left)
    {
        using var disk = await LossyFileSystem.MountAsync();
        var directory = await disk.MakeAsync("directory");
        var file = Path.Combine(directory, "file");
        await File.WriteAllTextAsync(file, "old");
        await disk.SyncAsync();

        using (var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", writer]) { WorkingDirectory = directory })!)
        {
            await shell.WaitForExitAsync();
        }

        await disk.RestartAsync(way, 0);

        (File.Exists(file) ? await File.ReadAllTextAsync(file) : "(none)").Should().Be(left);
    }

    /// <summary>One collector, cut as often as there are cuts, and finished.</summary>
    /// <returns>How many places there were for the last cut.</returns>
    static async Task<int> CutAsync(Situation situation, LossyFileSystem disk, Outlets outlets, (int Nth, string Way, int Seed)[] cuts)
    {
        var because = $"the power was cut: {string.Join(", ", cuts)}";
        using var trial = new Trial(situation, outlets.Next(), await disk.MakeAsync(Guid.NewGuid().ToString("n")));
        await disk.SyncAsync();
        var places = 0;
        foreach (var (nth, way, seed) in cuts)
        {
            await disk.ArmAsync(nth, way, seed);
            var run = await trial.Host.CollectAsync();
            places = await disk.CallbacksAsync();
            await disk.RestartAsync(way, seed);

            run.ExitCode.Should().BeOneOf([0, 2, Killed], $"{because}: {run.Stderr}");
            trial.ShouldNotBeAhead(because);
        }

        await trial.ShouldBeFinishedAsync(because, cuts.Length);
        return places;
    }
}
