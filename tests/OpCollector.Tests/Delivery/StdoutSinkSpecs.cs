using System.Diagnostics;
using System.Text.Json.Nodes;
using OpCollector.Sources;

namespace OpCollector.Tests;

/// <summary>Delivery to whoever reads stdout: what was not taken is not counted.</summary>
public sealed class StdoutSinkSpecs : IDisposable
{
    readonly Sandbox _host = new();

    public StdoutSinkSpecs() => _host.Configuration["sink"] = new JsonObject { ["type"] = "stdout" };

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task Events_are_printed_and_the_checkpoint_moves()
    {
        var log = _host.Account.Log(250);

        var run = await _host.CollectAsync();
        var idle = await _host.CollectAsync();

        run.Errors.Should().BeEmpty();
        run.Lines.Select(Sandbox.Eid).Should().Equal(log);
        idle.Should().Be(new FinishedRun(0, "", ""));
    }

    [Fact]
    public async Task A_reader_that_is_gone_leaves_the_checkpoint_where_it_was()
    {
        var log = _host.Account.WithFault("""{"command":"list events","call":1,"do":"wait"}""").Log(250);
        using var pipe = _host.Start(
            "/bin/sh",
            ["-c", $$"""{ "{{ShippedFiles.OpCollector}}" collect "$0" "$1"; echo "exit $?" >&2; } | { exec <&-; : > "$HOME/op-go"; }"""]);

        var ended = await pipe.ToEndAsync();

        ended.Stderr.Should().Contain("stdout").And.EndWith("exit 74\n");
        (await _host.CollectAsync()).Lines.Select(Sandbox.Eid).Should().Equal(log);
    }

    [Theory]
    [InlineData("TERM", "exit 143")]
    [InlineData("maxRunTime", "exit 75")]
    public async Task A_reader_that_reads_nothing_holds_no_run_for_longer_than_a_receiver_may(string what, string end)
    {
        _host.Configuration["maxRunTime"] = what == "maxRunTime" ? "10s" : Sandbox.EnoughTime;
        _host.Account.Append(Account.Event(999));
        _host.Configuration["start"] = "999";
        var log = _host.Account.WithFault("""{"command":"list events","call":3,"do":"hang"}""").Log(350);
        using var pipe = _host.Start("/bin/sh", ["-c", $$"""
            mkfifo "$HOME/end"
            {
                head -c 65536 /dev/zero
                "{{ShippedFiles.OpCollector}}" collect "$0" "$1" &
                echo $! > "$HOME/pid"
                wait $!
                echo "exit $?" >&2
                echo > "$HOME/end"
            } | { read -r _ < "$HOME/end"; cat > /dev/null; }
            """]);
        if (what == "TERM")
        {
            await Until.IsAsync(
                () => _host.Account.Journal.Count(call => (string?)call["command"] == "list events") == 3, "a page is printed");
            using var kill = Process.Start("/bin/kill", ["-s", what, await PidAsync()]);
            await kill.WaitForExitAsync();
        }

        var ended = await pipe.ToEndAsync();

        ended.Stderr.Should().EndWith($"{end}\n");
        ended.Stderr.Contains("the sink stdout has not answered", StringComparison.Ordinal).Should().Be(what != "TERM", ended.Stderr);
        _host.Account.WithoutFaults();
        _host.Configuration["maxRunTime"] = Sandbox.EnoughTime;
        (await _host.CollectAsync()).Lines.Select(Sandbox.Eid).Should().Equal(log);
    }

    [Theory]
    [InlineData("> /dev/full")]
    [InlineData(">&-")]
    [InlineData(">&- <&-")]
    [InlineData("<&- >&- 2>&-")]
    public async Task A_stdout_that_takes_nothing_leaves_the_checkpoint_where_it_was(string redirection)
    {
        var log = _host.Account.Log(250);
        using var run = _host.Start("/bin/sh", ["-c", $"""exec "{ShippedFiles.OpCollector}" collect "$0" "$1" {redirection}"""]);

        var ended = await run.ToEndAsync();

        ended.ExitCode.Should().Be(74);
        (redirection.Contains("2>", StringComparison.Ordinal) || ended.LastWords.Contains("stdout", StringComparison.Ordinal))
            .Should().BeTrue(ended.Stderr);
        JsonNode.Parse(await File.ReadAllTextAsync(_host.State("collect.lock")))!.AsObject().Select(member => member.Key)
            .Should().Equal("pid", "started");
        (await _host.CollectAsync()).Lines.Select(Sandbox.Eid).Should().Equal(log);
    }

    async Task<string> PidAsync() => (await File.ReadAllTextAsync(Path.Combine(_host.Home, "pid"))).Trim();
}
