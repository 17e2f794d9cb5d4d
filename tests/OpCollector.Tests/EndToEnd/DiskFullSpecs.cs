namespace OpCollector.Tests;

/// <summary>
/// A disk on which there is room for this much more and for no byte beyond it, whatever that is: the run says so with 74 (73
/// where not even the directory could be made), or it had enough, and when there is room again everything is there.
/// </summary>
[Slow]
public sealed class DiskFullSpecs
{
    const int Block = 4096;

    // An ordinary run fills it every fifth time, OPCOLLECTOR_KILLS=all every time.
    static readonly int Step = Environment.GetEnvironmentVariable("OPCOLLECTOR_KILLS") == "all" ? 1 : 5;

    [Theory]
    [InlineData("two pages", "file")]
    [InlineData("two pages", "receiver")]
    [InlineData("walk", "receiver")]
    [InlineData("malformed item", "receiver")]
    public async Task A_run_that_fills_the_disk_is_finished_when_there_is_room(string name, string outlet)
    {
        using var situation = await Situation.NamedAsync(name);
        using var outlets = await Outlets.NamedAsync(outlet);
        var exitCodes = new List<int>();

        for (var blocks = 0; exitCodes.LastOrDefault(74) is 73 or 74; blocks = Next(blocks))
        {
            exitCodes.Add(await FillAsync(situation, outlets, blocks * Block, files: null));
        }

        exitCodes.Should().HaveCountGreaterThanOrEqualTo(2);
    }

    [Theory]
    [InlineData("two pages")]
    [InlineData("walk")]
    public async Task A_run_that_may_make_no_file_more_is_finished_when_it_may(string name)
    {
        using var situation = await Situation.NamedAsync(name);
        using var outlets = await Outlets.NamedAsync("receiver");
        var exitCodes = new List<int>();

        for (var files = 0; exitCodes.LastOrDefault(74) is 73 or 74; files = Next(files))
        {
            exitCodes.Add(await FillAsync(situation, outlets, bytes: null, files));
        }

        exitCodes.Should().HaveCountGreaterThanOrEqualTo(2);
    }

    static int Next(int room) => room == 0 ? 1 + new Random(Seeds.Draw()).Next(Step) : room + Step;

    static async Task<int> FillAsync(Situation situation, Outlets outlets, int? bytes, int? files)
    {
        var because = $"there was room for {bytes} bytes, {files} files";
        using var place = new Sandbox();
        using var disk = new SmallDisk(Path.Combine(place.Root, "disk"), "size=8m");
        using var trial = new Trial(situation, outlets.Next(), disk.Place);
        disk.Leave(bytes, files);

        var run = await trial.Host.CollectAsync();
        disk.Leave(null, null);

        run.ExitCode.Should().BeOneOf([0, 2, 73, 74], $"{because}: {run.Stderr}");
        run.Errors.Should().HaveCount(run.ExitCode > 2 ? 1 : 0, $"{because}: {run.Stderr}");
        trial.ShouldNotBeAhead(because);
        await trial.ShouldBeFinishedAsync(because);
        return run.ExitCode;
    }
}
