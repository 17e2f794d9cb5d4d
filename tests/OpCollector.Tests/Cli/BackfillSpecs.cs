using System.Text.Json.Nodes;
using OpCollector.Sources;
using Answer = OpCollector.Tests.Support.Receiver.Answer;

namespace OpCollector.Tests;

/// <summary>A part of the log delivered again, beside cron and without a trace in its checkpoint.</summary>
public sealed class BackfillSpecs : IDisposable
{
    readonly Sandbox _host = new();
    readonly Receiver _receiver = new();
    readonly TaskCompletionSource _gate = new();

    public void Dispose()
    {
        _receiver.Dispose();
        _host.Dispose();
    }

    [Theory]
    [InlineData("ascending", 1000, 3093)]
    [InlineData("ascending", 1700, 2001)]
    [InlineData("ascending", 1003, 1009)]
    [InlineData("ascending", 1003, 2004)]
    [InlineData("ascending", 0, 1700)]
    [InlineData("ascending", 0, 999_999)]
    [InlineData("descending", 1700, 2001)]
    [InlineData("newest100", 1000, 3093)]
    [InlineData("newest100", 1700, 2001)]
    [InlineData("newest100", 1003, 2004)]
    [InlineData("newest100", 0, 1700)]
    public async Task What_is_newer_than_from_is_delivered_up_to_and_with_to(string newer, long from, long to)
    {
        var log = _host.Account.With("newer", newer).Log(300);

        var run = await _host.RunAsync("backfill", "--from", $"{from}", "--to", $"{to}");

        run.Should().Be(new FinishedRun(0, "", ""));
        _host.Delivered.Should().Equal(log.Where(eid => eid > from && eid <= to));
        Leftovers.Should().BeEmpty();
    }

    [Theory]
    [InlineData("ascending")]
    [InlineData("newest100")]
    public async Task Without_to_it_ends_where_cron_is(string newer)
    {
        var log = _host.Account.With("newer", newer).Log(150);
        await _host.CollectAsync();
        _host.Account.Append(Account.Event(9000));
        var checkpoint = _host.Checkpoint.ToJsonString();

        await _host.RunAsync("backfill", "--from", "1000");

        _host.Delivered.Should().Equal([.. log, .. log[1..]]);
        _host.Checkpoint.ToJsonString().Should().Be(checkpoint);
    }

    [Fact]
    public async Task Without_to_and_without_a_checkpoint_of_cron_it_ends_at_the_newest_event()
    {
        var log = _host.Account.Log(150);

        await _host.RunAsync("backfill", "--from", "1000");

        _host.Delivered.Should().Equal(log[1..]);
        File.Exists(_host.State("checkpoint.json")).Should().BeFalse();
    }

    [Fact]
    public async Task Nothing_newer_is_nothing_to_do()
    {
        _host.Account.Log(150);

        var run = await _host.RunAsync("backfill", "--from", "999999");

        run.ExitCode.Should().Be(0);
        _host.Delivered.Should().BeEmpty();
        Leftovers.Should().BeEmpty();
    }

    [Fact]
    public async Task A_refused_backfill_goes_on_with_the_same_end_whatever_cron_did_in_between()
    {
        var log = _host.Account.Log(250);
        await _host.CollectAsync();
        ToTheReceiver();
        _receiver.Then(Answer.Of(200)).Otherwise = Answer.Of(401);
        var refused = await _host.RunAsync("backfill", "--from", "1000");
        _receiver.Otherwise = Answer.Of(200);
        _host.Account.Append(Account.Event(9000), Account.Event(9001));
        await _host.CollectAsync();

        var resumed = await _host.RunAsync("backfill", "--from", "1000");

        (refused.ExitCode, resumed.ExitCode).Should().Be((77, 0));
        _receiver.Accepted.Should().BeEquivalentTo([.. log[1..], 9000, 9001]);
        _receiver.Accepted.Where(eid => eid < 9000).Should().Equal(log[1..]);
        Leftovers.Should().BeEmpty();
    }

    [Theory]
    [InlineData("ascending")]
    [InlineData("newest100")]
    public async Task A_killed_backfill_goes_on_and_repeats_one_batch_at_most(string newer)
    {
        _receiver.Then(Answer.Of(200), Answer.Of(200).After(_gate.Task.WaitAsync));
        var log = ToTheReceiver().Account.With("newer", newer).Log(450);
        using (var first = _host.Start("backfill", "--from", "1000"))
        {
            await Until.IsAsync(() => _receiver.Requests.Count == 2, "the second batch is sent");
            await first.KillAsync();
        }

        var resumed = await _host.RunAsync("backfill", "--from", "1000");

        resumed.ExitCode.Should().Be(0);
        _receiver.Accepted.Distinct().Should().Equal(log[1..]);
        _receiver.Accepted.Should().HaveCountLessThanOrEqualTo(449 + 100);
        Leftovers.Should().BeEmpty();
    }

    [Fact]
    public async Task Cron_goes_on_beside_it()
    {
        var log = _host.Account.Log(150);
        await _host.CollectAsync();
        _receiver.Then(Answer.Of(200).After(_gate.Task.WaitAsync));
        using var backfill = ToTheReceiver().Start("backfill", "--from", "1000");
        await Until.IsAsync(() => _receiver.Requests.Count == 1, "the backfill delivers");
        _host.Account.Append(Account.Event(9000));

        var cron = await _host.CollectAsync();
        _gate.SetResult();
        var ended = await backfill.ToEndAsync();

        (cron.ExitCode, ended.ExitCode).Should().Be((0, 0));
        _receiver.Accepted.Where(eid => eid < 9000).Should().Equal(log[1..]);
        _receiver.Accepted.Count(eid => eid == 9000).Should().Be(1);
    }

    [Fact]
    public async Task The_same_backfill_twice_at_once_is_held_up()
    {
        _receiver.Then(Answer.Of(200).After(_gate.Task.WaitAsync));
        var log = ToTheReceiver().Account.Log(50);
        using var first = _host.Start("backfill", "--from", "1000");
        await Until.IsAsync(() => _receiver.Requests.Count == 1, "the first one delivers");

        var second = await _host.RunAsync("backfill", "--from", "1000");
        _gate.SetResult();
        var ended = await first.ToEndAsync();

        (second.ExitCode, ended.ExitCode).Should().Be((75, 0));
        second.LastWords.Should().Contain("running");
        _receiver.Accepted.Should().Equal(log[1..]);
    }

    [Theory]
    [InlineData("ascending")]
    [InlineData("newest100")]
    public async Task A_log_that_begins_later_is_told(string newer)
    {
        var log = _host.Account.With("newer", newer).With("minEid", 2001).Log(300);

        var run = await _host.RunAsync("backfill", "--from", "1700");

        run.ExitCode.Should().Be(0);
        run.LastWords.Should().Contain("The log begins at event 2001");
        _host.Delivered.Should().Equal(log.Where(eid => eid >= 2001));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("4")]
    public async Task A_log_that_begins_with_the_next_id_has_no_gap(string parallel)
    {
        var log = _host.Account.Log(300);

        var run = await _host.RunAsync("backfill", "--from", $"{log[0] - 1}", "--to", $"{log[200]}", "--parallel", parallel);

        run.Should().Be(new FinishedRun(0, "", ""));
        _host.Delivered.Should().Equal(log[..201]);
    }

    [Theory]
    [InlineData("ascending")]
    [InlineData("newest100")]
    public async Task A_dry_run_prints_the_same_and_leaves_no_trace(string newer)
    {
        var log = _host.Account.With("newer", newer).Log(300);

        var run = await _host.RunAsync("backfill", "--from", "1700", "--to", "2804", "--dry-run");

        run.ExitCode.Should().Be(0);
        run.Lines.Select(Sandbox.Eid).Should().Equal(log.Where(eid => eid is > 1700 and <= 2804));
        Directory.Exists(Path.Combine(_host.Root, "state")).Should().BeFalse();
        Directory.Exists(Path.Combine(_host.Root, "out")).Should().BeFalse();
        Directory.EnumerateFileSystemEntries(_host.Temporary, "opcollector*").Should().BeEmpty();
    }

    [Theory]
    [InlineData("backfill")]
    [InlineData("backfill --from")]
    [InlineData("backfill --from abc")]
    [InlineData("backfill --from -5")]
    [InlineData("backfill --from 99999999999999999999")]
    [InlineData("backfill --from 5 --to 5")]
    [InlineData("backfill --from 5 --to 4")]
    [InlineData("backfill --from 5 --to x")]
    public async Task A_wrong_range_is_a_usage_error(string arguments)
    {
        var run = await _host.RunAsync(arguments.Split(' '));

        run.ExitCode.Should().Be(64);
        run.LastWords.Should().Contain("--help");
        _host.Account.Calls.Should().BeEmpty();
    }

    [Fact]
    public async Task What_cannot_be_read_goes_to_the_quarantine_once()
    {
        _host.Account.Append(Account.Event(1001), "@eid=1002\t{\"eid\":\"?\"}", Account.Event(1003));
        await _host.CollectAsync();

        var run = await _host.RunAsync("backfill", "--from", "1000");

        run.ExitCode.Should().Be(0);
        _host.Quarantine.Should().ContainSingle();
        _host.Delivered.Should().Equal(1001, 1003, 1001, 1003);
    }

    static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    // An event an hour; number i has the id 1000 + 7 × i.
    long[] LogOfDays(int days)
    {
        var eids = Enumerable.Range(0, days * 24).Select(i => 1000 + (7L * i)).ToArray();
        _host.Account.Append([.. eids.Select((eid, i) => Account.Event(eid, Noon.AddHours(i)))]);
        return eids;
    }

    [Theory]
    [InlineData("ascending", "1")]
    [InlineData("newest100", "1")]
    [InlineData("descending", "4")]
    [InlineData("newest100", "4")]
    public async Task What_happened_from_since_to_until_is_delivered_both_moments_included(string newer, string parallel)
    {
        var log = LogOfDays(40);
        _host.Account.With("newer", newer);

        var run = await _host.RunAsync(
            "backfill", "--since", "2026-03-10T12:00Z", "--until", "2026-03-30T15:00:00Z", "--parallel", parallel);

        run.Should().Be(new FinishedRun(0, "", ""));
        _host.Delivered.Should().Equal(log[(9 * 24)..((29 * 24) + 4)]);
        Leftovers.Should().BeEmpty();
    }

    [Fact]
    public async Task Without_until_a_backfill_since_a_time_ends_where_cron_is()
    {
        var log = LogOfDays(10);
        await _host.CollectAsync();
        _host.Account.Append(Account.Event(9000));

        var run = await _host.RunAsync("backfill", "--since", "2026-03-08T12:00Z");

        run.Should().Be(new FinishedRun(0, "", ""));
        _host.Delivered.Should().Equal([.. log, .. log[(7 * 24)..]]);
    }

    [Theory]
    [InlineData("refused")]
    [InlineData("empty")]
    public async Task Where_no_id_can_be_chosen_a_time_is_walked_back_to(string unknownIds)
    {
        var log = LogOfDays(40);
        _host.Account.With("unknownIds", unknownIds);

        var run = await _host.RunAsync("backfill", "--since", "2026-03-10T12:00Z", "--until", "2026-03-30T15:00Z");

        run.ExitCode.Should().Be(0);
        run.Complaint.Should().Contain("Walking back");
        _host.Delivered.Should().Equal(log[(9 * 24)..((29 * 24) + 4)]);
        Leftovers.Should().BeEmpty();
    }

    [Fact]
    public async Task An_event_that_was_committed_up_to_an_hour_late_is_found_by_its_time()
    {
        LogOfDays(20);
        _host.Account.Append(
            Account.Event(1000 + (7 * 24 * 5) - 3, Noon.AddDays(5)), Account.Event(1000 + (7 * 24 * 9) + 3, Noon.AddDays(9)));

        await _host.RunAsync("backfill", "--since", "2026-03-06T12:00Z", "--until", "2026-03-10T12:00Z");

        _host.Delivered.Should().HaveCount((4 * 24) + 1 + 2).And.Contain([1000 + (7 * 24 * 5) - 3, 1000 + (7 * 24 * 9) + 3]);
    }

    [Fact]
    public async Task A_duration_means_so_long_ago()
    {
        var now = DateTimeOffset.UtcNow;
        _host.Account.Append([.. Enumerable.Range(1, 100).Select(number => Account.Event(1000 + number, now.AddHours(number - 100.5)))]);

        var run = await _host.RunAsync("backfill", "--since", "50h", "--until", "1d");

        run.Should().Be(new FinishedRun(0, "", ""));
        _host.Delivered.Should().Equal(Enumerable.Range(1051, 26).Select(eid => (long)eid));
        Leftovers.Should().BeEmpty();
    }

    [Fact]
    public async Task An_interrupted_backfill_of_a_duration_is_found_again_and_means_what_it_meant()
    {
        using var receiver = new Receiver();
        var now = DateTimeOffset.UtcNow;
        _host.To(receiver).Account
            .Append([.. Enumerable.Range(1, 300).Select(number => Account.Event(1000 + number, now.AddMinutes(number - 300.5)))]);
        receiver.Then(Receiver.Answer.Of(401));
        var refused = await _host.RunAsync("backfill", "--since", "4h", "--until", "1s");

        var resumed = await _host.RunAsync("backfill", "--since", "4h", "--until", "1s");

        (refused.ExitCode, resumed.ExitCode).Should().Be((77, 0));
        receiver.Accepted.Should().Equal(Enumerable.Range(1061, 240).Select(eid => (long)eid));
        Leftovers.Should().BeEmpty();
    }

    [Theory]
    [InlineData("0001-01-01", "9999-12-31T23:59:59Z")]
    public async Task The_ends_of_the_calendar_are_times_too(string since, string until)
    {
        var log = _host.Account.Log(3);

        var run = await _host.RunAsync("backfill", "--since", since, "--until", until, "--dry-run");

        run.ExitCode.Should().Be(0, run.Stderr);
        run.Lines.Select(Sandbox.Eid).Should().Equal(log);
    }

    [Fact]
    public async Task A_dry_run_since_a_time_prints_the_same()
    {
        var log = LogOfDays(10);

        var run = await _host.RunAsync("backfill", "--since", "2026-03-08T12:00Z", "--dry-run");

        run.ExitCode.Should().Be(0);
        run.Lines.Select(Sandbox.Eid).Should().Equal(log[(7 * 24)..]);
    }

    [Theory]
    [InlineData("backfill --since 2027-01-01", 0)]
    [InlineData("backfill --since 2026-03-01 --until 2026-02-28", 64)]
    [InlineData("backfill --since 2026-03-01 --to 7", 64)]
    [InlineData("backfill --from 5 --until 2026-03-01", 64)]
    public async Task A_range_of_time_that_holds_nothing_is_told(string arguments, int exitCode)
    {
        LogOfDays(2);

        var run = await _host.RunAsync(arguments.Split(' '));

        run.ExitCode.Should().Be(exitCode);
        run.Complaint.Should().NotBeEmpty();
        _host.Delivered.Should().BeEmpty();
    }

    // It may keep an answer to itself for as long as a slow machine needs for the rest of the test.
    Sandbox ToTheReceiver()
    {
        _host.To(_receiver).Configuration["sink"]!["timeout"] = "60s";
        return _host;
    }

    // Lock files stay: a lock that is deleted can be held twice.
    string[] Leftovers => [.. Directory.EnumerateFiles(Path.Combine(_host.Root, "state"), "*backfill*")
        .Where(file => !file.EndsWith(".lock", StringComparison.Ordinal))];
}
