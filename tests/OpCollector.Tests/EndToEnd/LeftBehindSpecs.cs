namespace OpCollector.Tests;

/// <summary>A killed run leaves its op behind, as a crash does; no test leaves one.</summary>
[Slow]
public sealed class LeftBehindSpecs
{
    [Fact]
    public async Task What_a_killed_run_has_left_behind_ends_with_its_host()
    {
        int[] before;
        string home;
        using (var host = new Sandbox())
        {
            home = host.Home;
            host.Account.Log(150);
            host.WithOp("""case "$*" in *events*) touch "$HOME/hangs"; exec sleep 600 ;; esac""");
            using var run = host.Start("collect");
            await Until.ExistsAsync(Path.Combine(home, "hangs"));
            await run.KillAsync();
            before = HostProcesses.In(home);
        }

        before.Should().NotBeEmpty();
        HostProcesses.In(home).Should().BeEmpty();
    }
}
