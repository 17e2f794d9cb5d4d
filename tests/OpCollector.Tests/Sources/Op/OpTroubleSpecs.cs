using System.Text.Json.Nodes;

namespace OpCollector.Tests;

/// <summary>An op that is missing, hangs, crashes, prints nonsense or complains: one line, the right exit code, nothing lost.</summary>
public sealed class OpTroubleSpecs : IDisposable
{
    readonly Sandbox _host = new();

    public void Dispose() => _host.Dispose();

    JsonNode Op => _host.Configuration["source"]!["op"]!;

    int Listed => _host.Account.Calls.Count(call => call.StartsWith("list ", StringComparison.Ordinal));

    /// <summary>A run that delivered 10 events is over, and one more event waits.</summary>
    async Task<long[]> SettledAsync(string version = "1.12.9")
    {
        var log = _host.Account.With("version", version).Log(10);
        (await _host.CollectAsync()).ExitCode.Should().Be(0);
        _host.Account.Append(Account.Event(9000));
        _host.Account.ForgetCalls();
        return [.. log, 9000];
    }

    /// <summary>A run that must fail in order: one line on stderr, nothing delivered, the checkpoint where it was.</summary>
    async Task<string> ComplaintAsync(int exitCode)
    {
        var (delivered, checkpoint) = (_host.Delivered, _host.Checkpoint.ToJsonString());

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(exitCode, run.Stderr);
        run.Stdout.Should().BeEmpty();
        run.Complaint.Should().NotContainAny("Exception", " at OpCollector", "bug in opcollector");
        _host.Delivered.Should().Equal(delivered);
        _host.Checkpoint.ToJsonString().Should().Be(checkpoint);
        return run.Complaint;
    }

    async Task SucceedsAsync(long[] log)
    {
        var run = await _host.CollectAsync();

        run.Should().Be(new FinishedRun(0, "", ""));
        _host.Delivered.Should().Equal(log);
    }

    static bool IsAlive(string pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/stat").Split(") ")[1][0] != 'Z';
        }
        catch (IOException)
        {
            return false;
        }
    }

    [Fact]
    public async Task An_op_that_is_not_in_the_PATH_of_cron_is_said_so()
    {
        await SettledAsync();
        Op["path"] = "op";

        (await ComplaintAsync(78)).Should().ContainAll("op not found", "PATH=/usr/bin:/bin", "source.op.path");
    }

    [Fact]
    public async Task An_op_in_the_PATH_is_found()
    {
        var log = await SettledAsync();
        _host.WithOp("");
        Op["path"] = "op";
        _host.Environment["PATH"] = $"/nowhere:{_host.Root}:/usr/bin:/bin";

        await SucceedsAsync(log);
    }

    [Fact]
    public async Task An_op_that_does_not_exist_is_named()
    {
        await SettledAsync();
        Op["path"] = "/opt/nowhere/op";

        (await ComplaintAsync(78)).Should().ContainAll("/opt/nowhere/op", "source.op.path");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_op_that_is_not_executable_is_named(bool byName)
    {
        await SettledAsync();
        var op = _host.WithOp("");
        File.SetUnixFileMode(op, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Op["path"] = byName ? "op" : op;
        _host.Environment["PATH"] = $"{_host.Root}:/usr/bin:/bin";

        (await ComplaintAsync(78)).Should().ContainAll($"{op} is not executable", "chmod +x");
    }

    [Fact]
    public async Task A_directory_in_the_place_of_op_is_named_as_one()
    {
        await SettledAsync();
        Op["path"] = _host.Home;

        (await ComplaintAsync(78)).Should().ContainAll(_host.Home, "directory", "source.op.path");
    }

    [Theory]
    [InlineData("#!/nowhere/sh\n")]
    [InlineData("\u007fELF and no more")]
    [InlineData("")]
    public async Task A_file_that_cannot_be_run_is_named(string content)
    {
        await SettledAsync();
        var op = _host.WithOp("");
        await File.WriteAllTextAsync(op, content);

        (await ComplaintAsync(78)).Should().ContainAll(op, "source.op.path");
    }

    [Theory]
    [InlineData("--version", "hang")]
    [InlineData("signin", "hang")]
    [InlineData("list events", "hang")]
    [InlineData("list events", "ignore-sigterm")]
    public async Task A_call_that_hangs_is_killed_after_the_timeout(string command, string how)
    {
        await SettledAsync();
        File.Delete(_host.State("op.json"));
        Op["timeout"] = "2s";
        _host.Account.WithFault($$"""{"command":"{{command}}","do":"{{how}}"}""");

        var complaint = await ComplaintAsync(69);

        complaint.Should().ContainAll($"op {command}", "2 s", "source.op.timeout");
        var pid = _host.Account.Journal.Single(call => (string?)call["command"] == command)["pid"]!.ToString();
        await Until.IsAsync(() => !IsAlive(pid), "op is gone");
    }

    [Theory]
    [InlineData("signin")]
    [InlineData("list events")]
    public async Task A_call_that_hangs_is_killed_with_its_children(string command)
    {
        await SettledAsync();
        Op["timeout"] = "2s";
        _host.Account.WithFault($$"""{"command":"{{command}}","do":"hang-tree"}""");

        await ComplaintAsync(69);

        var child = await File.ReadAllTextAsync(Path.Combine(_host.Home, "op-child.pid"));
        await Until.IsAsync(() => !IsAlive(child), "the child of op is gone");
    }

    [Theory]
    [InlineData("--version")]
    [InlineData("signin")]
    [InlineData("list events")]
    public async Task A_child_that_keeps_the_stdout_of_op_open_does_not_hold_the_run(string command)
    {
        var log = await SettledAsync();
        File.Delete(_host.State("op.json"));
        Op["timeout"] = "4s";
        _host.Account.WithFault($$"""{"command":"{{command}}","do":"orphan"}""");

        await SucceedsAsync(log);
    }

    [Theory]
    [InlineData("--version", "flood-stderr")]
    [InlineData("signin", "flood-stderr")]
    [InlineData("list events", "flood-stderr")]
    [InlineData("signin", "chatter")]
    [InlineData("list events", "chatter")]
    [InlineData("list events", "slow")]
    public async Task What_op_says_beside_a_right_answer_is_no_failure(string command, string how)
    {
        var log = await SettledAsync();
        File.Delete(_host.State("op.json"));
        _host.Account.WithFault($$"""{"command":"{{command}}","do":"{{how}}"}""");

        await SucceedsAsync(log);
    }

    [Theory]
    [InlineData("half", "half a page")]
    [InlineData("html", "<!DOCTYPE html>")]
    [InlineData("garbage", "bytes")]
    public async Task An_answer_that_is_no_page_is_unusable(string how, string words)
    {
        await SettledAsync();
        _host.Account.WithFault($$"""{"command":"list events","do":"{{how}}"}""");

        (await ComplaintAsync(65)).Should().ContainAll("op list events", words);
    }

    [Theory]
    [InlineData("""{"a":1}""")]
    [InlineData("not json")]
    [InlineData("[] []")]
    [InlineData("42")]
    public async Task Something_else_than_an_array_is_unusable(string stdout)
    {
        await SettledAsync();
        _host.Account.WithFault(
            new JsonObject { ["command"] = "list events", ["do"] = "exit", ["code"] = 0, ["stdout"] = stdout }.ToJsonString());

        (await ComplaintAsync(65)).Should().Contain("op list events");
    }

    [Theory]
    [InlineData("1.12.9", 0)]
    [InlineData("0.2.1", 0)]
    [InlineData("0.2.1", 1)]
    public async Task An_empty_answer_with_an_error_line_is_a_failure_whatever_the_exit_code(string version, int code)
    {
        await SettledAsync(version);
        _host.Account.WithFault($$"""{"command":"list events","do":"exit","code":{{code}},"text":"something never heard of"}""");

        (await ComplaintAsync(69)).Should().ContainAll("op list events", "something never heard of");
    }

    [Fact]
    public async Task An_exit_code_without_a_word_is_a_failure()
    {
        await SettledAsync();
        _host.Account.WithFault("""{"command":"list events","do":"exit","code":3}""");

        (await ComplaintAsync(69)).Should().ContainAll("op list events", "exit code 3");
    }

    [Fact]
    public async Task A_crash_after_a_whole_page_takes_nothing_from_the_page()
    {
        var log = await SettledAsync();
        _host.Account.WithFault("""{"command":"list events","do":"crash"}""");

        await SucceedsAsync(log);
    }

    [Fact]
    public async Task A_crash_instead_of_a_page_is_a_failure_in_one_line()
    {
        await SettledAsync();
        _host.Account.WithFault(
            """{"command":"list events","do":"exit","code":2,"stderr":"panic: runtime error: index out of range\n\ngoroutine 1 [running]:\nmain.main()\n"}""");

        (await ComplaintAsync(69)).Should().Contain("panic: runtime error").And.NotContain("goroutine");
    }

    [Theory]
    [InlineData("0.2.1")]
    [InlineData("1.12.9")]
    public async Task A_missing_right_is_named(string version)
    {
        await SettledAsync(version);
        _host.Account.With("permission", "none");

        (await ComplaintAsync(77)).Should().ContainAll("403", "View Administrative Sidebar");
        Listed.Should().Be(1);
    }

    [Theory]
    [InlineData("0.2.1")]
    [InlineData("1.12.9")]
    public async Task The_end_of_life_of_op_names_the_way_out(string version)
    {
        await SettledAsync(version);
        _host.Account.With("endOfLife", true);

        (await ComplaintAsync(69)).Should().ContainAll("445", "Events API");
        _host.Account.Calls.Should().ContainSingle();
    }

    [Fact]
    public async Task An_op_of_the_second_generation_names_the_way_out()
    {
        await SettledAsync();
        File.Delete(_host.State("op.json"));
        _host.Account.With("version", "2.30.3");

        (await ComplaintAsync(78)).Should().ContainAll("2.30.3", "Events API");
        _host.Account.Calls.Should().Equal("--version");
    }

    [Fact]
    public async Task Something_else_than_op_is_recognised()
    {
        await SettledAsync();
        _host.WithOp("echo hello; exit 0");

        (await ComplaintAsync(78)).Should().ContainAll("--version", "source.op.path");
    }

    [Theory]
    [InlineData("0.2.1", "account")]
    [InlineData("1.12.9", "account")]
    [InlineData("1.12.9", "device")]
    public async Task An_account_that_op_does_not_know_wants_one_sign_in_by_hand(string version, string words)
    {
        await SettledAsync(version);
        _host.Account.With("notKnown", words).With("known", false);

        (await ComplaintAsync(78)).Should().ContainAll("by hand", "op signin");
        _host.Account.Calls.Should().ContainSingle();
    }

    [Theory]
    [InlineData("0.2.1", "signin")]
    [InlineData("1.12.9", "list events")]
    public async Task A_network_that_stays_away_is_tried_again_and_told_without_the_address(string version, string command)
    {
        await SettledAsync(version);
        _host.Account.WithFault($$"""{"command":"{{command}}","do":"network"}""");

        var complaint = await ComplaintAsync(69);

        complaint.Should().ContainAll($"op {command}", "no such host")
            .And.NotContainAny("/api/", "user@example.com", "z5fzyh26wmo6xhved5lpvj2xwy");
        _host.Account.Journal.Count(call => (string?)call["command"] == command).Should().Be(4);
    }

    [Theory]
    [InlineData("0.2.1", "list events", """ "do":"http","status":429 """)]
    [InlineData("1.12.9", "list events", """ "do":"http","status":429 """)]
    [InlineData("0.2.1", "signin", """ "do":"http","status":503 """)]
    [InlineData("1.12.9", "list events", """ "do":"http","status":503 """)]
    [InlineData("1.12.9", "signin", """ "do":"network","text":"read tcp 10.0.0.1:5->10.0.0.2:443: read: connection reset by peer" """)]
    [InlineData("0.2.1", "list events", """ "do":"exit","code":0,"text":"512: " """)]
    [InlineData("1.12.9", "list events", """ "do":"half-fail" """)]
    public async Task A_trouble_that_passes_is_waited_out_in_silence(string version, string command, string fault)
    {
        var log = await SettledAsync(version);
        _host.Account.WithFault($$"""{"command":"{{command}}","times":1,{{fault}}}""");

        await SucceedsAsync(log);
    }

    [Fact]
    public async Task Pretty_printed_pages_are_pages_like_others()
    {
        var log = await SettledAsync();
        _host.Account.With("layout", "pretty");

        await SucceedsAsync(log);
    }

    [Theory]
    [InlineData("0.2.1", "[]")]
    [InlineData("0.2.1", "null")]
    [InlineData("0.2.1", "")]
    [InlineData("1.12.9", "[]")]
    [InlineData("1.12.9", "null")]
    [InlineData("1.12.9", "")]
    public async Task An_empty_log_may_be_printed_in_any_way(string version, string empty)
    {
        _host.Account.With("version", version).With("empty", empty);

        var first = await _host.CollectAsync();
        var log = _host.Account.Log(3);
        var second = await _host.CollectAsync();

        first.ExitCode.Should().Be(0);
        second.Should().Be(new FinishedRun(0, "", ""));
        _host.Delivered.Should().Equal(log);
    }

    [Fact]
    public async Task An_op_that_cuts_ids_to_32_bits_is_not_asked_for_a_larger_one()
    {
        await SettledAsync("0.2.1");

        var run = await _host.RunAsync("backfill", "--from", "4294967296", "--to", "4294967300");

        run.ExitCode.Should().Be(78);
        run.Complaint.Should().ContainAll("4294967296", "32 bits");
        _host.Account.Calls.Should().NotContain(call => call.Contains("4294967296", StringComparison.Ordinal));
    }
}
