using System.Text.Json.Nodes;
using OpCollector.Sources;

namespace OpCollector.Tests;

/// <summary>
/// What is said on stderr: nothing when all is well under cron, and one line that a person or a program can read when not.
/// </summary>
public sealed class StderrLogSpecs : IDisposable
{
    readonly Sandbox _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task The_first_run_says_where_it_begins()
    {
        _host.Account.Log(3);

        var run = await _host.CollectAsync();

        run.Should().BeEquivalentTo(new { ExitCode = 0, Stdout = "" });
        run.Complaint.Should().ContainAll("First run", "oldest", "the beginning of the log");
    }

    [Fact]
    public async Task A_run_that_delivers_is_silent_when_nobody_watches()
    {
        await _host.CollectAsync();
        _host.Account.Log(3);

        var run = await _host.CollectAsync();

        run.Should().Be(new FinishedRun(0, "", ""));
        _host.Delivered.Should().HaveCount(3);
    }

    [Fact]
    public async Task A_run_that_fails_says_so_in_one_line_with_its_time_and_level()
    {
        _host.Account.With("permission", "none");

        var run = await _host.CollectAsync();

        run.Should().BeEquivalentTo(new { ExitCode = 77, Stdout = "" });
        run.Stderr.Should().MatchRegex(@"(First run.*\n)?\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S+ ERR [^\n]*View Administrative Sidebar[^\n]*\n$");
    }

    [Fact]
    public async Task Verbose_tells_each_step_and_sums_up()
    {
        _host.Account.Log(3);

        var run = await _host.CollectAsync("--verbose");

        run.Should().BeEquivalentTo(new { ExitCode = 0, Stdout = "" });
        run.Stderr.Should().ContainAll("DBG", "Delivered 3 events", "INF", "3 events in 1 batch to", "Signed out");
    }

    [Theory]
    [InlineData("collect")]
    [InlineData("collect --verbose")]
    [InlineData("collect --dry-run --limit 0")]
    [InlineData("colect")]
    public async Task Json_is_one_object_on_each_line_errors_too(string arguments)
    {
        _host.Account.Log(3);
        _host.Configuration["sink"]!["path"] = "home";

        var run = await _host.RunAsync(["--log-format", "json", .. arguments.Split(' ')]);

        run.ExitCode.Should().BeOneOf(64, 74);
        var lines = run.Stderr.TrimEnd('\n').Split('\n').Select(line => JsonNode.Parse(line)!.AsObject()).ToArray();
        lines[^1].Select(member => member.Key).Should().Contain(["Timestamp", "Level", "RenderedMessage"]);
        lines.Should().Contain(line => (string?)line["Level"] == "Error");
    }

    [Theory]
    [InlineData("text")]
    [InlineData("json")]
    public async Task Nothing_is_coloured_in_a_file(string format)
    {
        _host.Account.Log(3);
        _host.Environment["TERM"] = "xterm-256color";

        var run = await _host.CollectAsync("--verbose", "--log-format", format);

        run.Stderr.Should().NotBeEmpty().And.NotContain("\u001b").And.NotContain("\\u001b");
    }

    [Fact]
    public async Task On_a_terminal_a_run_sums_up_what_it_did()
    {
        _host.Account.Log(3);

        var run = await OnTerminalAsync("collect");

        run.ExitCode.Should().Be(0);
        run.Stdout.Should().ContainAll("First run", "3 events in 1 batch to", _host.Output);
    }

    [Fact]
    public async Task On_a_terminal_colours_can_be_turned_off()
    {
        _host.Account.Log(3);
        _host.Environment["NO_COLOR"] = "1";
        _host.Environment["TERM"] = "xterm-256color";

        var run = await OnTerminalAsync("collect --verbose");

        run.Stdout.Should().Contain("3 events").And.NotMatchRegex(@"\u001b\[[0-9;]*m");
    }

    [Fact]
    public async Task A_name_that_holds_a_line_break_does_not_break_the_line()
    {
        _host.Configuration["source"]!["op"]!["account"] = "acme\nERR forged";

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(78);
        run.Complaint.Should().Contain("source.op.account");
    }

    [Theory]
    [InlineData("out/events.ndjson", 0)]
    [InlineData("home", 74)]
    public async Task What_cannot_be_said_is_done_all_the_same_and_the_exit_code_says_it(string path, int exitCode)
    {
        var log = _host.Account.Log(250);
        _host.Configuration["sink"]!["path"] = path;
        using var deaf = _host.Start("/bin/sh", ["-c", $"""exec "{ShippedFiles.OpCollector}" collect --verbose "$0" "$1" 2> /dev/full"""]);

        var run = await deaf.ToEndAsync();

        run.ExitCode.Should().Be(exitCode);
        _host.Delivered.Should().Equal(exitCode == 0 ? log : []);
    }

    [Fact]
    public async Task A_reader_that_reads_nothing_delays_no_run_and_learns_later_how_many_lines_it_has_missed()
    {
        _host.Account.Append(Account.Event(999));
        _host.Configuration["start"] = "999";
        var log = _host.Account.WithFault("""{"command":"list events","call":4,"do":"wait"}""").Log(350);
        using var run = _host.Start("/bin/sh", ["-c", $$"""
            mkfifo "$HOME/read"
            { head -c 65536 /dev/zero; exec "{{ShippedFiles.OpCollector}}" collect --verbose "$0" "$1" 2>&1; } |
            { read -r _ < "$HOME/read"; head -c 65536 > /dev/null; : > "$HOME/op-go"; cat; }
            """]);
        await Until.IsAsync(() => _host.Delivered.Length > 0, "a page is delivered though nobody reads");
        await File.WriteAllTextAsync(Path.Combine(_host.Home, "read"), "\n");

        var ended = await run.ToEndAsync();

        _host.Delivered.Should().Equal(log);
        ended.Stdout.Should().NotContain("First run").And.MatchRegex(@"WRN Nobody has read stderr for a while, so \d+ lines of this log");
        ended.Stdout.Should().Contain("Signed out");
    }

    // The harness appends --config FILE, which the shell sees as $0 and $1.
    async Task<FinishedRun> OnTerminalAsync(string arguments)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "script of util-linux makes the terminal");
        using var running = _host.Start(
            "/bin/sh", ["-c", $"exec /usr/bin/script -qec \"{ShippedFiles.OpCollector} {arguments} --config $1\" /dev/null"]);
        return await running.ToEndAsync();
    }
}
