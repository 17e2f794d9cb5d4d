using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using OpCollector.Sources;
using Answer = OpCollector.Tests.Support.Receiver.Answer;

namespace OpCollector.Tests;

/// <summary>How a run ends that is told to end, or whose time is over: soon, in order, and with nothing lost.</summary>
public sealed class SignalSpecs : IDisposable
{
    // So long may a request in flight take. What hangs otherwise takes longer than Soon.
    static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    readonly Sandbox _host = new();
    readonly Receiver _receiver = new();
    readonly TaskCompletionSource _gate = new();

    public SignalSpecs()
    {
        _host.Account.Append(Account.Event(999));
        _host.To(_receiver).Configuration["start"] = "999";
        _host.Configuration["sink"]!["timeout"] = "60s";
    }

    public void Dispose()
    {
        _receiver.Dispose();
        _host.Dispose();
    }

    [Theory]
    [InlineData("TERM", 143)]
    [InlineData("INT", 130)]
    [InlineData("HUP", 129)]
    public async Task The_request_in_flight_is_finished_and_remembered_and_no_other_begins(string signal, int code)
    {
        var log = _host.Account.Log(350);
        using var run = await InFlightAsync();

        run.Signal(signal);
        await OpIsGoneAsync();
        _gate.SetResult();
        var ended = await run.ToEndAsync();

        ended.ExitCode.Should().Be(code);
        ended.Errors.Should().BeEmpty();
        (await _host.RunAsync("status")).Lines[0].Should().StartWith("– ENDED: ").And.Contain($"ended by SIG{signal}");
        _receiver.Requests.Should().ContainSingle();
        ((long)_host.Checkpoint["lastEventId"]!).Should().Be(log[99]);
        await TheRestIsDeliveredAsync(log);
    }

    [Fact]
    public async Task A_request_that_is_not_answered_within_ten_seconds_is_abandoned_and_not_remembered()
    {
        var log = _host.Account.Log(350);
        using var run = await InFlightAsync();
        var clock = Stopwatch.StartNew();

        run.Signal("TERM");
        var ended = await run.ToEndAsync();

        ended.ExitCode.Should().Be(143);
        clock.Elapsed.Should().BeGreaterThan(Grace).And.BeLessThan(Soon);
        ((long)_host.Checkpoint["lastEventId"]!).Should().Be(999);
        (await MendedAsync("collect")).ExitCode.Should().Be(0);
        _receiver.Accepted.Should().Equal([.. log[..100], .. log]);
    }

    [Fact]
    public async Task A_second_signal_ends_it_at_once()
    {
        _host.Account.Log(350);
        using var run = await InFlightAsync();
        var clock = Stopwatch.StartNew();
        run.Signal("TERM");
        await OpIsGoneAsync();

        run.Signal("INT");
        var ended = await run.ToEndAsync();

        ended.ExitCode.Should().Be(130);
        clock.Elapsed.Should().BeLessThan(Grace);
    }

    [Theory]
    [InlineData("list events", "hang-tree")]
    [InlineData("list events", "ignore-sigterm")]
    [InlineData("signin", "hang-tree")]
    [InlineData("--version", "hang-tree")]
    public async Task Op_and_its_children_are_gone_afterwards(string command, string fault)
    {
        var log = _host.Account.WithFault($$"""{"command":"{{command}}","call":1,"do":"{{fault}}"}""").Log(50);
        using var run = _host.Start("collect");
        await Until.IsAsync(() => CallOf(command) is not null && (fault != "hang-tree" || File.Exists(ChildPid)), "op hangs");
        var pids = new[] { CallOf(command)!.Value, fault == "hang-tree" ? await ChildAsync() : CallOf(command)!.Value };
        var clock = Stopwatch.StartNew();

        run.Signal("TERM");
        var ended = await run.ToEndAsync();

        ended.ExitCode.Should().Be(143);
        ended.Errors.Should().BeEmpty();
        clock.Elapsed.Should().BeLessThan(Soon);
        await Until.IsAsync(() => !pids.Any(IsAlive), "op and its child are gone");
        await TheRestIsDeliveredAsync(log);
    }

    [Fact]
    public async Task A_wait_for_the_next_attempt_is_over_at_once()
    {
        _receiver.Then(Answer.Of(429, "", "Retry-After: 30"));
        var log = _host.Account.Log(50);
        using var run = _host.Start("collect");
        await Until.IsAsync(() => _receiver.Requests.Count == 1, "the request is refused for now");
        var clock = Stopwatch.StartNew();

        run.Signal("TERM");
        var ended = await run.ToEndAsync();

        ended.ExitCode.Should().Be(143);
        clock.Elapsed.Should().BeLessThan(Soon);
        await TheRestIsDeliveredAsync(log);
    }

    [Fact]
    public async Task A_backfill_that_is_told_to_end_goes_on_later()
    {
        var log = _host.Account.Log(350);
        using var run = await InFlightAsync("backfill", "--from", "1000", "--to", "999999");

        run.Signal("TERM");
        await OpIsGoneAsync();
        _gate.SetResult();
        var ended = await run.ToEndAsync();
        var resumed = await MendedAsync("backfill", "--from", "1000", "--to", "999999");

        (ended.ExitCode, resumed.ExitCode).Should().Be((143, 0));
        _receiver.Accepted.Should().Equal(log[1..]);
    }

    [Theory]
    [InlineData("TERM", 143)]
    [InlineData("maxRunTime", 0)]
    public async Task A_walk_is_kept_and_gone_on_with(string what, int code)
    {
        _host.Configuration["maxRunTime"] = what == "maxRunTime" ? "10s" : Sandbox.EnoughTime;
        var log = _host.Account.With("newer", "newest100").WithFault("""{"command":"list events","call":4,"do":"hang"}""").Log(650);
        using var run = _host.Start("collect");
        await Until.IsAsync(() => Lists() == 4, "the walk is at its fourth page");

        if (what == "TERM")
        {
            run.Signal(what);
        }

        var ended = await run.ToEndAsync();

        ended.ExitCode.Should().Be(code);
        ended.Errors.Should().BeEmpty();
        (await File.ReadAllLinesAsync(_host.State("walk.ndjson"))).Should().HaveCount(1 + 3);
        _host.Account.ForgetCalls();
        await TheRestIsDeliveredAsync(log);
        Lists().Should().BeLessThanOrEqualTo(7);
        File.Exists(_host.State("walk.ndjson")).Should().BeFalse();
    }

    [Fact]
    public async Task A_walk_that_is_longer_than_maxRunTime_is_done_in_several_runs()
    {
        _host.Configuration["maxRunTime"] = "4s";
        var log = _host.Account.With("newer", "newest100")
            .WithFault("""{"command":"list events","call":3,"do":"hang"}""")
            .WithFault("""{"command":"list events","call":6,"do":"hang"}""")
            .Log(650);

        var codes = new[] { (await _host.CollectAsync()).ExitCode, (await _host.CollectAsync()).ExitCode };

        codes.Should().Equal(0, 0);
        await TheRestIsDeliveredAsync(log);
    }

    [Fact]
    public async Task A_run_whose_time_is_over_has_done_well_when_it_delivered_something()
    {
        _host.Configuration["maxRunTime"] = "4s";
        var log = _host.Account.WithFault("""{"command":"list events","call":4,"do":"hang"}""").Log(650);

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(0);
        run.Errors.Should().BeEmpty();
        ((long)_host.Checkpoint["lastEventId"]!).Should().BeOneOf(log[99], log[198], log[199]);
        await TheRestIsDeliveredAsync(log);
    }

    [Fact]
    public async Task A_run_whose_time_is_over_before_anything_was_done_is_held_up()
    {
        _host.Configuration["maxRunTime"] = "2s";
        var log = _host.Account.WithFault("""{"command":"list events","call":1,"do":"hang"}""").Log(50);

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(75);
        run.LastWords.Should().Contain("maxRunTime");
        await TheRestIsDeliveredAsync(log);
    }

    [Fact]
    public async Task A_run_that_is_halted_for_longer_than_the_receiver_waits_goes_on()
    {
        _receiver.Then(Answer.Silence(counts: false).After(_gate.Task.WaitAsync));
        var log = _host.Account.Log(150);
        using var run = _host.Start("collect");
        await Until.IsAsync(() => _receiver.Requests.Count == 1, "a request is in flight");

        run.Signal("STOP");
        _gate.SetResult();
        await Until.IsAsync(() => _receiver.Closed == 1, "the receiver has hung up");
        run.Signal("CONT");
        var ended = await run.ToEndAsync();

        ended.ExitCode.Should().Be(0, ended.Stderr);
        _receiver.Accepted.Should().Equal(log);
    }

    string ChildPid => Path.Combine(_host.Home, "op-child.pid");

    // The first request waits for the gate, and op, asked for a page ahead, hangs: its end shows that the signal has arrived.
    async Task<RunningProcess> InFlightAsync(params string[] arguments)
    {
        _host.Account.WithFault("""{"command":"list events","call":3,"do":"hang"}""");
        _receiver.Then(Answer.Of(200).After(_gate.Task.WaitAsync));
        var run = _host.Start(arguments.Length > 0 ? arguments : ["collect"]);
        await Until.IsAsync(() => _receiver.Requests.Count == 1 && Lists() == 3, "a request is in flight, and op hangs");
        return run;
    }

    Task OpIsGoneAsync()
    {
        var pid = (int)_host.Account.Journal.Last(call => (string?)call["command"] == "list events")["pid"]!;
        return Until.IsAsync(() => !IsAlive(pid), "op is gone");
    }

    async Task TheRestIsDeliveredAsync(long[] log)
    {
        _host.Account.WithoutFaults();
        _host.Configuration["maxRunTime"] = Sandbox.EnoughTime;
        (await _host.CollectAsync()).ExitCode.Should().Be(0);
        _receiver.Accepted.Should().Equal(log);
    }

    Task<FinishedRun> MendedAsync(params string[] arguments)
    {
        _host.Account.WithoutFaults();
        return _host.RunAsync(arguments);
    }

    int Lists() => _host.Account.Journal.Count(call => (string?)call["command"] == "list events");

    int? CallOf(string command) => (int?)_host.Account.Journal.FirstOrDefault(call => (string?)call["command"] == command)?["pid"];

    async Task<int> ChildAsync()
    {
        await Until.IsAsync(() => File.ReadAllText(ChildPid).Length > 0, "the child's pid is written");
        return int.Parse(await File.ReadAllTextAsync(ChildPid), CultureInfo.InvariantCulture);
    }

    // A zombie that nobody waits for is dead all the same.
    static bool IsAlive(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/stat").Split(')')[^1].TrimStart()[0] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }
}
