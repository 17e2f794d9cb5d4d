using OpCollector.Sources;

namespace OpCollector.Tests;

/// <summary>
/// Started with stdin, stdout or stderr closed: no file of ours gets their numbers, and what must be printed says that it was not.
/// </summary>
public sealed class StandardStreamsSpecs : IDisposable
{
    readonly Sandbox _host = new();

    public void Dispose() => _host.Dispose();

    [Theory]
    [InlineData("<&-")]
    [InlineData(">&-")]
    [InlineData("2>&-")]
    [InlineData(">&- <&-")]
    [InlineData("<&- >&- 2>&-")]
    public async Task A_run_that_prints_nothing_needs_none_of_them(string redirection)
    {
        var log = _host.Account.Log(250);

        var run = await RunAsync("collect", redirection);

        run.ExitCode.Should().Be(0, run.Stderr);
        _host.Delivered.Should().Equal(log);
        (await _host.RunAsync("status")).ExitCode.Should().Be(0);
    }

    [Theory]
    [InlineData("status")]
    [InlineData("status --max-age 1h")]
    [InlineData("status --output json")]
    [InlineData("checkpoint show")]
    [InlineData("config show")]
    [InlineData("collect --dry-run")]
    [InlineData("rules list")]
    [InlineData("check")]
    [InlineData("--version")]
    [InlineData("--help")]
    public async Task A_command_that_cannot_print_says_so(string command)
    {
        _host.Account.Log(3);
        foreach (var redirection in new[] { ">&-", ">&- <&-", "> /dev/full" })
        {
            var run = await RunAsync(command, redirection);

            run.ExitCode.Should().Be(74, $"{command} {redirection}: {run.Stderr}");
            run.LastWords.Should().Contain("stdout");
        }
    }

    [Fact]
    public async Task Nobody_hears_of_a_wrong_word_and_the_exit_code_says_it()
    {
        var run = await RunAsync("colect", "2>&-");

        run.Should().Be(new FinishedRun(64, "", ""));
    }

    [Fact]
    public async Task Events_from_a_closed_stdin_are_not_taken_for_none()
    {
        var run = await RunAsync("detect", "<&-");

        run.ExitCode.Should().Be(74, run.Stderr);
    }

    // The harness appends --config FILE, which the shell sees as $0 and $1.
    async Task<FinishedRun> RunAsync(string command, string redirection)
    {
        using var run = _host.Start("/bin/sh", ["-c", $"""exec "{ShippedFiles.OpCollector}" {command} "$0" "$1" {redirection}"""]);
        return await run.ToEndAsync();
    }
}
