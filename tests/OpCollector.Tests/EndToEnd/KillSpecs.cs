using OpCollector.Sources;

namespace OpCollector.Tests;

/// <summary>
/// Killed at any instant, or told by the disk that it failed: the next run delivers what is missing, in order, and repeats at
/// most one batch.
/// </summary>
public sealed class KillSpecs : IDisposable
{
    const int Killed = 137;
    const int Page = 100;

    static readonly FinishedRun Nothing = new(0, "", "");

    readonly Sandbox _host = new();

    public void Dispose() => _host.Dispose();

    [Theory]
    [InlineData("pwrite64", "state/checkpoint.json.tmp")]
    [InlineData("fsync", "state/checkpoint.json.tmp")]
    [InlineData("rename", "state/checkpoint.json.tmp")]
    [InlineData("fsync", "state")]
    [InlineData("link", "state/checkpoint.json")]
    [InlineData("rename", "state/checkpoint.prev.json.tmp")]
    [InlineData("pwrite64", "out/events.ndjson")]
    [InlineData("fsync", "out/events.ndjson")]
    public async Task A_first_run_killed_at_a_call_of_the_kernel_is_finished_by_the_next(string call, string file)
    {
        var log = StartBelow(_host.Account.Log(250));

        var killed = await Strace.CollectAsync(_host, $"{call}:signal=SIGKILL:when=1", Place(file));
        var next = await _host.CollectAsync();

        killed.ExitCode.Should().Be(Killed);
        next.ExitCode.Should().Be(0);
        next.Stderr.Should().NotContain("damaged").And.NotContain("is missing");
        ShouldBeWhole(_host.Delivered, log);
        (await _host.CollectAsync()).Should().Be(Nothing);
    }

    [Theory]
    [InlineData("pwrite64", "state/checkpoint.json.tmp")]
    [InlineData("fsync", "state/checkpoint.json.tmp")]
    [InlineData("link", "state/checkpoint.json")]
    [InlineData("rename", "state/checkpoint.prev.json.tmp")]
    [InlineData("rename", "state/checkpoint.json.tmp")]
    [InlineData("fsync", "state")]
    [InlineData("pwrite64", "out/events.ndjson")]
    [InlineData("fsync", "out/events.ndjson")]
    public async Task A_later_run_killed_at_a_call_of_the_kernel_is_finished_by_the_next(string call, string file)
    {
        var log = StartBelow(_host.Account.Log(120));
        await _host.CollectAsync();
        var more = _host.Account.Log(130, first: 9000);

        var killed = await Strace.CollectAsync(_host, $"{call}:signal=SIGKILL:when=1", Place(file));
        var next = await _host.CollectAsync();

        killed.ExitCode.Should().Be(Killed);
        next.Should().Be(Nothing);
        ShouldBeWhole(_host.Delivered, [.. log, .. more]);
    }

    [Theory]
    [InlineData("pwrite64", "state/walk.ndjson")]
    [InlineData("fsync", "state/walk.ndjson")]
    [InlineData("link", "state/checkpoint.json")]
    [InlineData("fsync", "out/events.ndjson")]
    [InlineData("unlink", "state/walk.ndjson")]
    public async Task A_run_killed_in_a_walk_is_finished_by_the_next(string call, string file)
    {
        var log = _host.Account.Log(250);

        var killed = await Strace.CollectAsync(_host, $"{call}:signal=SIGKILL:when=1", Place(file));
        var next = await _host.CollectAsync();

        killed.ExitCode.Should().Be(Killed);
        next.Should().Be(Nothing);
        ShouldBeWhole(_host.Delivered, log);
        File.Exists(_host.State("walk.ndjson")).Should().BeFalse();
    }

    [Theory]
    [InlineData("fsync:error=EIO", "state/checkpoint.json.tmp")]
    [InlineData("fsync:error=ENOSPC", "state/checkpoint.json.tmp")]
    [InlineData("fsync:error=EIO", "state")]
    [InlineData("fsync:error=EIO", "out/events.ndjson")]
    [InlineData("fsync:error=ENOSPC", "out/events.ndjson")]
    [InlineData("fsync:error=EIO", "out")]
    [InlineData("link:error=EIO", "state/checkpoint.json")]
    [InlineData("rename:error=EIO", "state/checkpoint.json.tmp")]
    [InlineData("rename:error=EIO", "state/checkpoint.prev.json.tmp")]
    [InlineData("pwrite64:error=ENOSPC", "out/events.ndjson")]
    [InlineData("pwrite64:error=EIO", "state/checkpoint.json.tmp")]
    public async Task A_disk_that_fails_ends_the_run_and_the_next_one_finishes_it(string fault, string file)
    {
        var log = StartBelow(_host.Account.Log(250));

        var failed = await Strace.CollectAsync(_host, $"{fault}:when=1", Place(file));
        var next = await _host.CollectAsync();

        failed.ExitCode.Should().Be(74, failed.Stderr);
        failed.Stderr.Should().NotContain("bug");
        next.ExitCode.Should().Be(0, next.Stderr);
        next.Stderr.Should().NotContain("ERR").And.NotContain("damaged");
        ShouldBeWhole(_host.Delivered, log);
    }

    [Theory]
    [InlineData("fsync:error=EIO:when=1")]
    [InlineData("fsync:error=EIO:when=2")]
    [InlineData("fsync:error=EIO:when=3")]
    [InlineData("fsync:error=ENOSPC:when=4+")]
    public async Task A_failed_fsync_of_any_file_ends_the_run_and_the_next_one_finishes_it(string fault)
    {
        var log = StartBelow(_host.Account.Log(250));

        var failed = await Strace.CollectAsync(_host, fault);
        var next = await _host.CollectAsync();

        failed.ExitCode.Should().BeOneOf(0, 74);
        (failed.ExitCode == 74).Should().Be(failed.Stderr.Contains("ERR"), failed.Stderr);
        next.ExitCode.Should().Be(0, next.Stderr);
        ShouldBeWhole(_host.Delivered, log);
    }

    [Fact]
    public async Task The_checkpoint_stays_where_it_was_if_what_the_rules_remember_is_not_on_the_disk()
    {
        var log = StartBelow([.. Enumerable.Range(1000, 150).Select(eid => (long)eid)]);
        _host.Account.Append([.. log.Select(eid => Account.Event(eid, action: "delete"))]);

        var failed = await Strace.CollectAsync(_host, "fsync:error=EIO:when=1", Place("state/checkpoint.rules-1.bin"));
        var left = await _host.RunAsync("checkpoint", "show");
        var next = await _host.CollectAsync();

        failed.ExitCode.Should().Be(74, failed.Stderr);
        failed.Stderr.Should().Contain("checkpoint.rules-1.bin: fsync failed");
        left.Stdout.Should().Contain($"event {log[99]}");
        next.ExitCode.Should().Be(0, next.Stderr);
        var events = (await File.ReadAllLinesAsync(_host.Output)).Where(line => line.StartsWith("{\"eid\"", StringComparison.Ordinal));
        ShouldBeWhole([.. events.Select(Sandbox.Eid)], log);
    }

    [Theory]
    [InlineData("ftruncate:error=EIO:when=1", "state/collect.lock")]
    [InlineData("pwrite64:error=ENOSPC:when=1", "state/collect.lock")]
    [InlineData("flock:error=ENOLCK:when=1", "state/collect.lock")]
    [InlineData("flock:error=EIO:when=1", "out/events.ndjson")]
    public async Task A_disk_that_fails_a_lock_ends_the_run(string fault, string file)
    {
        var log = StartBelow(_host.Account.Log(3));

        var failed = await Strace.CollectAsync(_host, fault, Place(file));
        var next = await _host.CollectAsync();

        failed.ExitCode.Should().Be(74, failed.Stderr);
        failed.Stderr.Should().Contain(Path.GetFileName(file)).And.NotContain("bug");
        next.ExitCode.Should().Be(0, next.Stderr);
        _host.Delivered.Should().Equal(log);
    }

    [Fact]
    public async Task A_run_killed_while_it_heals_a_damaged_checkpoint_leaves_one_that_can_be_read()
    {
        var log = StartBelow(_host.Account.Log(250));
        await _host.CollectAsync();
        await File.WriteAllTextAsync(_host.State("checkpoint.json"), "");

        var killed = await Strace.CollectAsync(_host, "rename:signal=SIGKILL:when=1", Place("state/checkpoint.json.tmp"));
        var next = await _host.CollectAsync();

        killed.ExitCode.Should().Be(Killed);
        next.ExitCode.Should().Be(0, next.Stderr);
        _host.Delivered.Distinct().Should().Equal(log);
    }

    [Theory]
    [InlineData("pwrite64:error=ENOSPC")]
    [InlineData("fsync:error=EIO")]
    public async Task A_position_set_by_hand_that_the_disk_does_not_take_leaves_the_old_one(string fault)
    {
        StartBelow(_host.Account.Log(3));
        await _host.CollectAsync();

        var set = await Strace.RunAsync(_host, $"{fault}:when=1", [Place("state/checkpoint.json.tmp")], "checkpoint", "set", "5");
        var show = await _host.RunAsync("checkpoint", "show");

        set.ExitCode.Should().Be(74);
        show.Stdout.Should().MatchRegex("event 1014\\b");
    }

    [Theory]
    [InlineData("rename", "state/checkpoint.json.tmp")]
    [InlineData("fsync", "state/checkpoint.json.tmp")]
    [InlineData("unlink", "state/checkpoint.json")]
    [InlineData("unlink", "state/checkpoint.prev.json")]
    public async Task A_position_set_by_hand_is_the_old_one_or_the_new_one_when_the_command_is_killed(string call, string file)
    {
        StartBelow(_host.Account.Log(3));
        await _host.CollectAsync();

        await Strace.RunAsync(_host, $"{call}:signal=SIGKILL:when=1", [Place(file)], "checkpoint", "set", "5");
        var show = await _host.RunAsync("checkpoint", "show");

        show.ExitCode.Should().Be(0, show.Stderr);
        show.Stdout.Should().NotContain("no checkpoint yet").And.MatchRegex("event (5|1014)\\b");
    }

    [Theory]
    [InlineData(true, "999")]
    [InlineData(false, "999")]
    [InlineData(true, "oldest")]
    [InlineData(false, "oldest")]
    public async Task A_run_killed_while_the_receiver_has_the_request_repeats_one_batch(bool isAccepted, string start)
    {
        using var receiver = new Receiver();
        _host.To(receiver).Configuration["start"] = start;
        var log = _host.Account.Log(250);
        var never = new TaskCompletionSource();
        receiver.Then(Receiver.Answer.Of(200), Receiver.Answer.Of(isAccepted ? 200 : 500).After(_ => never.Task));
        using var running = _host.Start("collect");
        await Until.IsAsync(() => receiver.Requests.Count == 2, "the second request is there");

        await running.KillAsync();
        never.SetResult();
        var next = await _host.CollectAsync();

        next.Should().Be(Nothing);
        ShouldBeWhole(receiver.Accepted, log);
    }

    [Theory]
    [InlineData("connect")]
    [InlineData("sendto,sendmsg")]
    [InlineData("recvmsg,recvfrom")]
    public async Task A_run_killed_before_during_or_after_a_request_repeats_at_most_one_batch(string call)
    {
        using var receiver = new Receiver();
        var log = StartBelow(_host.To(receiver).Account.Log(250));

        for (var nth = 1; nth <= 4; nth++)
        {
            await Strace.CollectAsync(_host, $"{call}:signal=SIGKILL:when={nth}");
        }

        var next = await _host.CollectAsync();

        next.ExitCode.Should().Be(0, next.Stderr);
        log.Except(receiver.Requests.SelectMany(request => request.Eids)).Should().BeEmpty();
        receiver.Requests.SelectMany(request => request.Eids).Distinct().Should().BeInAscendingOrder();
    }

    [Fact]
    public async Task A_page_that_ends_with_the_last_known_event_is_not_taken_for_the_end()
    {
        var log = StartBelow(_host.Account.Log(101));
        await _host.CollectAsync();
        var more = _host.Account.Log(50, first: 9000);

        await _host.CollectAsync();

        _host.Delivered.Should().Equal([.. log, .. more]);
    }

    [Theory]
    [InlineData("collect")]
    [InlineData("backfill --from 999 --to 9000")]
    public async Task A_run_that_broke_off_twice_is_finished_by_the_third(string command)
    {
        using var receiver = new Receiver();
        var log = StartBelow(_host.To(receiver).Account.Log(350));
        receiver.Then(Receiver.Answer.Of(200), Receiver.Answer.Of(401));
        await _host.RunAsync(command.Split(' '));
        receiver.Then(Receiver.Answer.Of(200), Receiver.Answer.Of(200), Receiver.Answer.Of(401));
        await _host.RunAsync(command.Split(' '));

        var third = await _host.RunAsync(command.Split(' '));

        third.Should().Be(Nothing);
        receiver.Accepted.Distinct().Should().Equal(log);
    }

    [Fact]
    public async Task A_run_killed_before_its_first_request_delivers_everything_the_next_time()
    {
        using var receiver = new Receiver();
        var log = StartBelow(_host.To(receiver).Account.Log(250));
        _host.Account.WithFault("""{"command":"list events","call":2,"do":"wait"}""");
        using var running = _host.Start("collect");
        await Until.ExistsAsync(Path.Combine(_host.Home, "op-waiting"));

        await running.KillAsync();
        _host.Account.WithoutFaults();
        await _host.CollectAsync();

        receiver.Accepted.Should().Equal(log);
    }

    [Theory]
    [InlineData("latest", 400, 78)]
    [InlineData("latest", 401, 77)]
    [InlineData("latest", 503, 75)]
    [InlineData("24h", 401, 77)]
    [InlineData("24h", 503, 75)]
    public async Task A_first_delivery_refused_for_days_loses_nothing(string start, int status, int exitCode)
    {
        using var refusing = new Receiver { Otherwise = Receiver.Answer.Of(status, "", "Retry-After: 1000") };
        using var mended = new Receiver();
        var old = _host.To(refusing).Account.Log(120);
        _host.Configuration["start"] = start;
        var appearing = new List<long>();
        for (var day = 0; day < 3; day++)
        {
            await _host.CollectAsync();
            appearing.Add(9000 + day);
            _host.Account.Append(Account.Event(9000 + day));
        }

        var refused = await _host.CollectAsync();
        var delivered = await _host.To(mended).CollectAsync();

        refused.ExitCode.Should().Be(exitCode, refused.Stderr);
        refusing.Accepted.Should().BeEmpty();
        delivered.Should().Be(Nothing);
        mended.Accepted.Should().Equal(start == "latest" ? appearing : [.. old, .. appearing]);
    }

    static void ShouldBeWhole(long[] delivered, long[] log)
    {
        delivered.Distinct().Should().Equal(log);
        delivered.Length.Should().BeLessThanOrEqualTo(log.Length + Page);
        delivered.Zip(delivered.Skip(1)).Count(pair => pair.First >= pair.Second).Should().BeLessThanOrEqualTo(1);
    }

    string Place(string file) => Path.Combine(_host.Root, file);

    long[] StartBelow(long[] log)
    {
        _host.Configuration["start"] = $"{log[0] - 1}";
        return log;
    }
}
