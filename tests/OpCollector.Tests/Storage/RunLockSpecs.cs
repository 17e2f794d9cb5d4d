using System.Diagnostics;
using OpCollector.Sources;

namespace OpCollector.Tests;

/// <summary>Two runs never do the same work, and a lock never outlives its holder.</summary>
public sealed class RunLockSpecs : IDisposable
{
    static readonly FinishedRun Nothing = new(0, "", "");

    readonly Sandbox _host = new();

    string Waiting => Path.Combine(_host.Home, "op-waiting");

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task A_second_run_leaves_without_a_word_while_the_first_one_works()
    {
        using var first = await StartAndWaitAsync();

        var second = await _host.CollectAsync();

        second.Should().Be(Nothing);
        _host.Account.Calls.Should().NotContain(call => call.StartsWith("signout", StringComparison.Ordinal));
        (await GoAsync(first)).ExitCode.Should().Be(0);
        _host.Delivered.Should().HaveCount(3);
    }

    [Theory]
    [InlineData("checkpoint set 5000")]
    [InlineData("checkpoint reset")]
    public async Task The_position_is_not_moved_by_hand_while_a_run_works(string command)
    {
        using var first = await StartAndWaitAsync();

        var moved = await _host.RunAsync(command.Split(' '));

        moved.ExitCode.Should().Be(75);
        moved.Complaint.Should().Contain("run");
        await GoAsync(first);
        ((long)_host.Checkpoint["lastEventId"]!).Should().Be(1014);
    }

    [Theory]
    [InlineData("checkpoint show")]
    [InlineData("status")]
    [InlineData("collect --dry-run --limit 1")]
    public async Task Looking_takes_no_lock(string command)
    {
        await _host.CollectAsync();
        using var held = Hold("");

        var look = await _host.RunAsync(command.Split(' '));

        look.ExitCode.Should().Be(0, look.Stderr);
        held.Kill();
    }

    [Fact]
    public async Task A_run_that_has_worked_for_more_than_three_times_maxRunTime_is_named()
    {
        _host.Configuration["maxRunTime"] = "40s";
        using var held = Hold($$"""{"pid":{{Environment.ProcessId}},"started":"{{DateTimeOffset.UtcNow.AddSeconds(-125):o}}"}""");

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(75);
        run.Complaint.Should().Contain($"pid {Environment.ProcessId}").And.Contain("collect.lock");
        held.Kill();
    }

    [Fact]
    public async Task A_run_that_has_worked_for_less_than_three_times_maxRunTime_is_left_alone()
    {
        _host.Configuration["maxRunTime"] = "40s";
        using var held = Hold($$"""{"pid":{{Environment.ProcessId}},"started":"{{DateTimeOffset.UtcNow.AddSeconds(-100):o}}"}""");

        var run = await _host.CollectAsync();

        run.Should().Be(Nothing);
        held.Kill();
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"pid\":47")]
    [InlineData("null")]
    public async Task A_holder_that_has_not_said_who_it_is_is_left_alone(string content)
    {
        using var held = Hold(content);

        var run = await _host.CollectAsync();

        run.Should().Be(Nothing);
        held.Kill();
    }

    [Fact]
    public async Task A_run_that_only_just_began_is_not_taken_for_the_one_before_it()
    {
        Say($$"""{"pid":{{int.MaxValue}},"started":"{{DateTimeOffset.UtcNow.AddDays(-1):o}}"}""");
        _host.Account.Log(3);
        // It has the lock, and is slow to write its own name over the one of yesterday.
        using var first = Strace.Start(_host, "ftruncate,pwrite64:delay_enter=2000000", [_host.State("collect.lock")], "collect");
        await Until.IsAsync(() => IsHeld(), "the first run has the lock");

        var second = await _host.CollectAsync();

        second.Should().Be(Nothing);
        (await first.ToEndAsync()).ExitCode.Should().Be(0);
    }

    [Fact]
    public async Task The_lock_of_a_killed_run_is_free()
    {
        using var first = await StartAndWaitAsync();
        await first.KillAsync();
        _host.Account.WithoutFaults();

        var second = await _host.CollectAsync();

        second.ExitCode.Should().Be(0);
        _host.Delivered.Should().HaveCount(3);
    }

    [Fact]
    public async Task Op_does_not_inherit_the_lock()
    {
        _host.Account.Log(3);
        _host.Account.WithFault("""{"command":"list events","call":1,"do":"hang-tree"}""");
        using var first = _host.Start("collect");
        await Until.ExistsAsync(Path.Combine(_host.Home, "op-child.pid"));
        await first.KillAsync();
        using var orphan = Process.GetProcessById(int.Parse(await ChildAsync(), System.Globalization.CultureInfo.InvariantCulture));

        var second = await _host.CollectAsync();

        orphan.HasExited.Should().BeFalse();
        second.ExitCode.Should().Be(0);
        _host.Delivered.Should().HaveCount(3);
        orphan.Kill();
    }

    [Fact]
    public async Task Of_ten_runs_started_at_once_one_delivers_and_nine_leave()
    {
        var log = _host.Account.Log(150);
        using var all = _host.Start(
            "/bin/sh",
            ["-c", "for run in 0 1 2 3 4 5 6 7 8 9; do { \"$0\" \"$@\"; echo $?; } & done; wait", ShippedFiles.OpCollector, "collect"]);

        var runs = await all.ToEndAsync();

        runs.Lines.Should().Equal(Enumerable.Repeat("0", 10));
        _host.Delivered.Should().Equal(log);
    }

    async Task<string> ChildAsync()
    {
        var file = Path.Combine(_host.Home, "op-child.pid");
        await Until.IsAsync(() => File.ReadAllText(file).Length > 0, "the child has said its pid");
        return (await File.ReadAllTextAsync(file)).Trim();
    }

    async Task<RunningProcess> StartAndWaitAsync()
    {
        _host.Account.Log(3);
        _host.Account.WithFault("""{"command":"list events","call":1,"do":"wait"}""");
        var running = _host.Start("collect");
        await Until.ExistsAsync(Waiting);
        return running;
    }

    async Task<FinishedRun> GoAsync(RunningProcess running)
    {
        await File.WriteAllTextAsync(Path.Combine(_host.Home, "op-go"), "");
        return await running.ToEndAsync();
    }

    // Trying to take it would keep it from the run that is waited for.
    bool IsHeld() => File.ReadLines("/proc/locks")
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Any(held => held[1] == "FLOCK" && IsOpenIn(held[4], _host.State("collect.lock")));

    static bool IsOpenIn(string process, string file)
    {
        try
        {
            return Directory.EnumerateFiles($"/proc/{process}/fd")
                .Any(each => File.ResolveLinkTarget(each, returnFinalTarget: false)?.FullName == file);
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Somebody else has the lock, and says so with <paramref name="content"/>.</summary>
    Process Hold(string content)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/flock"), "flock is not installed");
        Say(content);
        var start = new ProcessStartInfo(
            "/usr/bin/flock", ["--no-fork", _host.State("collect.lock"), "sh", "-c", "echo held; exec sleep 60"])
        {
            RedirectStandardOutput = true
        };
        var holder = Process.Start(start)!;
        holder.StandardOutput.ReadLine().Should().Be("held");
        return holder;
    }

    void Say(string content)
    {
        Directory.CreateDirectory(_host.State(""));
        File.WriteAllText(_host.State("collect.lock"), content);
    }
}
