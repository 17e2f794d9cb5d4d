using OpCollector.Sources;

namespace OpCollector.Tests;

/// <summary>The position shown and moved by hand, also as the way out of a damaged checkpoint.</summary>
public sealed class CheckpointCommandSpecs : IDisposable
{
    readonly Sandbox _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task Without_a_checkpoint_show_says_where_the_first_run_begins_and_makes_nothing()
    {
        var run = await _host.RunAsync("checkpoint", "show");

        run.Should().BeEquivalentTo(new { ExitCode = 0, Stderr = "" });
        run.Stdout.Should().ContainAll("no checkpoint yet", "start (oldest)");
        Directory.Exists(Path.Combine(_host.Root, "state")).Should().BeFalse();
    }

    [Fact]
    public async Task Show_tells_the_position_and_where_it_is_kept()
    {
        _host.Account.Log(30);
        await _host.CollectAsync();
        var before = Files();

        var run = await _host.RunAsync("checkpoint", "show");

        run.Should().BeEquivalentTo(new { ExitCode = 0, Stderr = "" });
        run.Stdout.Should().ContainAll("op:acme", "event 1203", "30, asked again from 1000", _host.State("checkpoint.json"));
        Files().Should().Equal(before);
    }

    [Fact]
    public async Task Set_makes_the_next_run_go_on_after_the_event()
    {
        var log = _host.Account.Log(30);

        var run = await _host.RunAsync("checkpoint", "set", $"{log[9]}");
        await _host.CollectAsync();

        run.Should().Be(new FinishedRun(0, "", ""));
        _host.Delivered.Should().Equal(log[10..]);
    }

    [Fact]
    public async Task Set_goes_back_too()
    {
        var log = _host.Account.Log(30);
        await _host.CollectAsync();

        await _host.RunAsync("checkpoint", "set", $"{log[27]}");
        await _host.CollectAsync();

        _host.Delivered.Should().Equal([.. log, .. log[28..]]);
    }

    [Fact]
    public async Task Set_to_0_means_everything_that_the_log_shows()
    {
        var log = _host.Account.Log(30);
        _host.Configuration["start"] = "latest";

        var run = await _host.RunAsync("checkpoint", "set", "0");
        await _host.CollectAsync();

        run.Should().Be(new FinishedRun(0, "", ""));
        _host.Delivered.Should().Equal(log);
    }

    [Fact]
    public async Task Set_gives_up_an_unfinished_walk_of_the_old_position()
    {
        Directory.CreateDirectory(Path.Combine(_host.Root, "state"));
        await File.WriteAllTextAsync(_host.State("walk.ndjson"), "{}\n");

        await _host.RunAsync("checkpoint", "set", "5");

        File.Exists(_host.State("walk.ndjson")).Should().BeFalse();
        ((long?)_host.Checkpoint["lastEventId"]).Should().Be(5);
    }

    [Fact]
    public async Task Reset_forgets_the_position_the_one_before_and_an_unfinished_walk()
    {
        _host.Account.Log(250);
        await _host.CollectAsync();
        await File.WriteAllTextAsync(_host.State("walk.ndjson"), "{}\n");
        var had = Files();

        var run = await _host.RunAsync("checkpoint", "reset");

        run.Should().BeEquivalentTo(new { ExitCode = 0, Stderr = "" });
        had.Should().Contain(["checkpoint.json", "checkpoint.prev.json", "walk.ndjson"]);
        Files().Should().NotContain(["checkpoint.json", "checkpoint.prev.json", "walk.ndjson"]);
    }

    [Fact]
    public async Task Reset_tells_the_position_that_was_what_is_skipped_and_how_to_undo_it()
    {
        _host.Account.Log(30);
        await _host.CollectAsync();
        _host.Configuration["start"] = "1s";

        var run = await _host.RunAsync("checkpoint", "reset");

        run.Stdout.Should().MatchRegex($"forgotten: event 1203 \\(.*\\) of op:acme in {_host.Root}/state\n")
            .And.MatchRegex(@"begins at start \(1s\)\. It skips what happened between \S+ \S+ and ")
            .And.MatchRegex(@"opcollector backfill --since 2\d{3}-\d\d-\d\dT")
            .And.Contain("to undo: opcollector checkpoint set 1203\n");
    }

    [Fact]
    public async Task Where_no_run_has_ever_been_reset_says_so_and_makes_nothing()
    {
        var run = await _host.RunAsync("checkpoint", "reset");

        run.ExitCode.Should().Be(0);
        run.Complaint.Should().Contain($"No run has used the state directory {_host.Root}/state yet");
        Directory.Exists(Path.Combine(_host.Root, "state")).Should().BeFalse();
    }

    [Fact]
    public async Task After_a_reset_a_run_is_a_first_one_again()
    {
        var log = _host.Account.Log(3);
        await _host.CollectAsync();

        await _host.RunAsync("checkpoint", "reset");
        var run = await _host.CollectAsync();

        run.Complaint.Should().Contain("First run");
        _host.Delivered.Should().Equal([.. log, .. log]);
    }

    [Theory]
    [InlineData("show", 78)]
    [InlineData("set 1007", 0)]
    [InlineData("reset", 0)]
    public async Task Over_a_damaged_checkpoint_set_and_reset_are_the_way_out(string command, int exitCode)
    {
        var log = _host.Account.Log(3);
        await _host.CollectAsync();
        await File.WriteAllTextAsync(_host.State("checkpoint.json"), "half a che");
        await File.WriteAllTextAsync(_host.State("checkpoint.prev.json"), "half a che");

        var run = await _host.RunAsync(["checkpoint", .. command.Split(' ')]);
        var next = await _host.CollectAsync();

        run.ExitCode.Should().Be(exitCode);
        run.Stderr.Contains("checkpoint set", StringComparison.Ordinal).Should().Be(exitCode == 78);
        next.ExitCode.Should().Be(exitCode);
        _host.Delivered.Skip(log.Length).Should().Equal(command switch { "show" => [], "reset" => log, _ => log[2..] });
    }

    [Theory]
    [InlineData("show")]
    [InlineData("set 1007")]
    [InlineData("reset")]
    public async Task The_checkpoint_of_another_account_is_neither_shown_nor_moved(string command)
    {
        var log = _host.Account.Log(3);
        await _host.CollectAsync();
        _host.Account.With("account", "globex");
        _host.Configuration["source"]!["op"]!["account"] = "globex";

        var run = await _host.RunAsync(["checkpoint", .. command.Split(' ')]);
        var next = await _host.CollectAsync();

        run.ExitCode.Should().Be(78);
        run.Complaint.Should().Contain("op:acme");
        next.ExitCode.Should().Be(78);
        _host.Delivered.Should().Equal(log);
    }

    [Theory]
    [InlineData("set 5")]
    [InlineData("reset")]
    public async Task While_a_run_is_at_work_the_position_is_not_moved(string command)
    {
        _host.Account.Log(3);
        _host.Account.WithFault("""{"command":"list events","do":"wait"}""");
        using var collecting = _host.Start("collect");
        await UntilAsync(() => File.Exists(Path.Combine(_host.Home, "op-waiting")));

        var run = await _host.RunAsync(["checkpoint", .. command.Split(' ')]);
        await File.WriteAllTextAsync(Path.Combine(_host.Home, "op-go"), "");

        run.Should().BeEquivalentTo(new { ExitCode = 75, Stdout = "" });
        run.Complaint.Should().Contain("at work");
        (await collecting.ToEndAsync()).ExitCode.Should().Be(0);
        _host.Delivered.Should().HaveCount(3);
    }

    [Fact]
    public async Task A_set_that_cannot_be_written_leaves_the_position_that_was()
    {
        _host.Account.Log(3);
        await _host.CollectAsync();
        Directory.CreateDirectory(_host.State("checkpoint.json.tmp"));

        var run = await _host.RunAsync("checkpoint", "set", "5");

        run.ExitCode.Should().Be(74);
        File.Exists(_host.State("checkpoint.json")).Should().BeTrue(
            "without it the next run would begin at start, and skip what lies before");
        ((long?)_host.Checkpoint["lastEventId"]).Should().Be(1014);
    }

    string[] Files() => [.. Directory.EnumerateFiles(Path.Combine(_host.Root, "state")).Select(Path.GetFileName).OfType<string>().Order()];

    static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!condition())
        {
            await tick.WaitForNextTickAsync(patience.Token);
        }
    }
}
