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
            host.Account.WithFault("""{"command":"list events","call":2,"do":"hang"}""");
            using var run = host.Start("collect");
            await Until.IsAsync(() => host.Account.Journal.Count(call => (string?)call["command"] == "list events") == 2, "op hangs");
            await run.KillAsync();
            before = HostProcesses.In(home);
        }

        before.Should().NotBeEmpty();
        HostProcesses.In(home).Should().BeEmpty();
    }
}
