using System.Globalization;
using System.Text.Json.Nodes;
using SiemEmulator;
using SiemEmulator.Faults;
using SiemEmulator.Receivers;

namespace OpCollector.Tests;

/// <summary>
/// Something between us and the receiver refuses by content: a firewall, a proxy, a parser that dies. Whatever it says, the one event that
/// it does not like holds nothing up; and when it takes nothing at all, nothing is put aside.
/// </summary>
[Slow]
public sealed class FirewallSpecs : IDisposable
{
    const int Dozen = 12;

    readonly Sandbox _host = new();

    public void Dispose() => _host.Dispose();

    public static TheoryData<string, int> Refusals => new()
    {
        { "401", 77 },
        { "403", 77 },
        { "403 page", 77 },
        { "407", 77 },
        { "402", 78 },
        { "404", 78 },
        { "406", 78 },
        { "418", 78 },
        { "451", 78 },
        { "200 page", 78 },
        { "302", 78 },
        { "206", 78 },
    };

    public static TheoryData<string, int> Troubles => new()
    {
        { "500", 75 },
        { "503 page", 75 },
        { "reset", 75 },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task The_one_event_that_it_does_not_like_is_put_aside_and_its_neighbours_arrive_in_order(string how, int code)
    {
        using var siem = new Siem(new ArrayOfObjects());
        var log = await _host.GrownAsync(siem, "json", 3, 40);
        siem.With(RefusingReceivers.By(how).Holding($"{log[20]}").Always());

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(2, $"{run.Stderr} (not {code})");
        siem.Accepted.Should().Equal(Ids(log.Where(eid => eid != log[20])));
        siem.Requests.Should().HaveCountLessThan(2 * 8);
        var line = JsonNode.Parse(_host.Quarantine.Should().ContainSingle().Which)!;
        ((string)line["id"]!).Should().Be($"{log[20]}");
        ((int)line["status"]!).Should().Be(int.Parse(how[..3], CultureInfo.InvariantCulture));
        (await _host.CollectAsync()).ExitCode.Should().Be(0);
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task When_it_takes_nothing_it_is_us(string how, int code)
    {
        using var siem = new Siem(new ArrayOfObjects());
        var log = await _host.GrownAsync(siem, "json", 3, 60);
        var before = siem.Requests.Count;
        siem.With(RefusingReceivers.By(how).Always());

        var run = await _host.CollectAsync();
        var asked = siem.Requests.Count - before;
        var forced = await _host.CollectAsync("--quarantine-rejected");
        siem.Recover();

        run.ExitCode.Should().Be(code, run.Stderr);
        run.LastWords.Should().Contain(how[..3]);
        asked.Should().BeLessThanOrEqualTo(Dozen);
        forced.ExitCode.Should().Be(code, forced.Stderr);
        _host.Quarantine.Should().BeEmpty();
        (await _host.CollectAsync()).ExitCode.Should().Be(0);
        siem.Accepted.Should().Equal(Ids(log));
    }

    [Theory]
    [InlineData("json")]
    [InlineData("ndjson")]
    [InlineData("single")]
    [InlineData("splunk-hec")]
    [InlineData("elasticsearch")]
    [InlineData("opensearch")]
    public async Task It_is_found_in_every_format(string format)
    {
        using var siem = new Siem(RefusingReceivers.Receiver(format));
        var log = await _host.GrownAsync(siem, format, 3, 30);
        siem.With(RefusingReceivers.By("403 page").When(ids => ids.Contains($"{log[10]}") || ids.Contains($"{log[^1]}")).Always());

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(2, run.Stderr);
        siem.Accepted.Should().Equal(Ids(log.Where(eid => eid != log[10] && eid != log[^1])));
        Quarantined().Should().Equal($"{log[10]}", $"{log[^1]}");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0, 1, 2, 3, 4, 5)]
    [InlineData(89)]
    [InlineData(5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25)]
    [InlineData(0, 50, 88, 89)]
    public async Task Several_are_found_wherever_they_stand(params int[] places)
    {
        using var siem = new Siem(new ArrayOfObjects());
        var first = await _host.GrownAsync(siem, "json", 3, 0);
        var log = _host.Account.Log(90, first: 5000);
        string[] bad = [.. places.Select(place => $"{log[place]}")];
        siem.With(RefusingReceivers.By("403").When(ids => ids.Intersect(bad).Any()).Always());

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(2, run.Stderr);
        siem.Accepted.Should().Equal(Ids(first.Concat(log)).Except(bad));
        Quarantined().Should().Equal(bad);
    }

    [Fact]
    public async Task A_batch_that_begins_with_many_of_them_is_not_held_up_either()
    {
        using var siem = new Siem(new ArrayOfObjects());
        var first = await _host.GrownAsync(siem, "json", 3, 0);
        var log = _host.Account.Log(90, first: 5000);
        string[] bad = [.. Ids(log[..40])];
        siem.With(RefusingReceivers.By("403").When(ids => ids.Intersect(bad).Any()).Always());

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(2, run.Stderr);
        // The last one is the proof that anything is taken; it alone is early.
        siem.Accepted.Should().Equal(Ids([.. first, log[^1], .. log[40..^1]]));
        Quarantined().Should().Equal(bad);
    }

    [Fact]
    public async Task An_event_that_is_alone_is_held_and_found_once_it_has_company()
    {
        using var siem = new Siem(new ArrayOfObjects());
        var log = await _host.GrownAsync(siem, "json", 3, 1);
        siem.With(RefusingReceivers.By("403").Holding($"{log[^1]}").Always());

        var alone = await _host.CollectAsync();
        var forced = await _host.CollectAsync("--quarantine-rejected");
        var more = _host.Account.Log(4, first: 9000);
        var together = await _host.CollectAsync();

        alone.ExitCode.Should().Be(77, alone.Stderr);
        forced.ExitCode.Should().Be(77, forced.Stderr);
        together.ExitCode.Should().Be(2, together.Stderr);
        siem.Accepted.Should().Equal(Ids(log[..^1].Concat(more)));
        Quarantined().Should().Equal($"{log[^1]}");
    }

    [Fact]
    public async Task A_receiver_that_has_never_taken_anything_is_asked_once()
    {
        using var siem = new Siem(new ArrayOfObjects());
        siem.With(RefusingReceivers.By("403").Always());
        _host.Account.Log(30);

        var run = await _host.To(siem).CollectAsync();

        run.ExitCode.Should().Be(77, run.Stderr);
        siem.Requests.Should().ContainSingle();
        _host.Quarantine.Should().BeEmpty();
    }

    [Fact]
    public async Task What_was_taken_in_this_run_is_a_proof_too()
    {
        using var siem = new Siem(new ArrayOfObjects());
        var log = _host.Account.Log(150);
        siem.With(RefusingReceivers.By("404").Holding($"{log[120]}").Always());

        var run = await _host.To(siem).CollectAsync();

        run.ExitCode.Should().Be(2, run.Stderr);
        siem.Accepted.Should().Equal(Ids(log.Where(eid => eid != log[120])));
    }

    [Fact]
    public async Task A_token_that_is_revoked_in_mid_batch_puts_nothing_aside()
    {
        using var siem = new Siem(new SingleObject());
        var log = await _host.GrownAsync(siem, "single", 3, 40);
        siem.With(RefusingReceivers.By("401")
            .When(ids => ids.Count > 0 && long.Parse(ids[0], CultureInfo.InvariantCulture) > log[15])
            .Always());
        var before = siem.Requests.Count;

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(77, run.Stderr);
        siem.Requests.Should().HaveCount(before + 13 + Dozen);
        _host.Quarantine.Should().BeEmpty();
    }

    [Theory]
    [MemberData(nameof(Troubles))]
    public async Task What_fails_with_the_same_batch_is_searched_after_three_runs(string how, int code)
    {
        using var siem = new Siem(new ArrayOfObjects());
        var log = await _host.GrownAsync(siem, "json", 3, 40);
        siem.With(RefusingReceivers.By(how).Holding($"{log[20]}").Always());
        _host.Configuration["maxRunTime"] = "4s";

        for (var run = 0; run < 3; run++)
        {
            (await _host.CollectAsync()).ExitCode.Should().Be(code);
            siem.Accepted.Should().Equal(Ids(log[..3]));
        }

        // What comes meanwhile changes nothing.
        var more = _host.Account.Log(5, first: 9000);
        _host.Configuration["maxRunTime"] = Sandbox.EnoughTime;
        var found = await _host.CollectAsync();

        found.ExitCode.Should().Be(2, found.Stderr);
        siem.Accepted.Should().Equal(Ids(log.Where(eid => eid != log[20]).Concat(more)));
        Quarantined().Should().Equal($"{log[20]}");
        _host.Checkpoint["held"].Should().BeNull();
    }

    [Theory]
    [MemberData(nameof(Troubles))]
    public async Task A_receiver_that_is_down_for_long_is_asked_a_dozen_times_and_puts_nothing_aside(string how, int code)
    {
        using var siem = new Siem(new ArrayOfObjects());
        var log = await _host.GrownAsync(siem, "json", 3, 40);
        siem.With(RefusingReceivers.By(how).Always());
        _host.Configuration["maxRunTime"] = "4s";
        for (var run = 0; run < 3; run++)
        {
            await _host.CollectAsync();
        }

        _host.Configuration["maxRunTime"] = Sandbox.EnoughTime;
        var before = siem.Requests.Count;
        var stuck = await _host.CollectAsync();
        var asked = siem.Requests.Count - before;
        siem.Recover();
        var mended = await _host.CollectAsync();

        stuck.ExitCode.Should().Be(code, stuck.Stderr);
        asked.Should().BeLessThanOrEqualTo(Dozen);
        _host.Quarantine.Should().BeEmpty();
        mended.ExitCode.Should().Be(0, mended.Stderr);
        siem.Accepted.Should().Equal(Ids(log));
    }

    [Fact]
    public async Task A_receiver_that_comes_back_in_mid_search_gets_what_it_did_not_take()
    {
        using var siem = new Siem(new ArrayOfObjects());
        var log = await _host.GrownAsync(siem, "json", 3, 10);
        siem.With(RefusingReceivers.By("500").Always());
        _host.Configuration["maxRunTime"] = "4s";
        for (var run = 0; run < 3; run++)
        {
            await _host.CollectAsync();
        }

        _host.Configuration["maxRunTime"] = Sandbox.EnoughTime;
        siem.Recover();
        siem.With(RefusingReceivers.By("500").Times(3));
        var run4 = await _host.CollectAsync();

        run4.ExitCode.Should().Be(0, run4.Stderr);
        _host.Quarantine.Should().BeEmpty();
        siem.Accepted.Should().BeEquivalentTo(Ids(log)).And.OnlyHaveUniqueItems();
    }

    [Fact]
    public async Task A_receiver_that_asks_for_patience_has_it_for_three_runs()
    {
        using var siem = new Siem(new ArrayOfObjects());
        var log = await _host.GrownAsync(siem, "json", 3, 40);
        siem.With(Fault.Answer(429, "slow down").Always());
        _host.Configuration["maxRunTime"] = "4s";
        for (var run = 0; run < 3; run++)
        {
            (await _host.CollectAsync()).ExitCode.Should().Be(75);
        }

        siem.Requests.Skip(1).Should().OnlyContain(request => request.Ids.Count == 40);
        _host.Quarantine.Should().BeEmpty();
        siem.Recover();
        _host.Configuration["maxRunTime"] = Sandbox.EnoughTime;
        await _host.CollectAsync();
        siem.Accepted.Should().Equal(Ids(log));
    }

    [Fact]
    public async Task A_backfill_that_began_before_cron_knew_the_receiver_finds_it_once_cron_does()
    {
        using var siem = new Siem(new ArrayOfObjects());
        var log = _host.Account.Log(30);
        _host.To(siem);
        siem.With(RefusingReceivers.By("403").Always());
        var refused = await _host.RunAsync("backfill", "--from", $"{log[9]}", "--to", $"{log[^1]}");
        siem.Recover();
        var cron = await _host.CollectAsync();
        siem.With(RefusingReceivers.By("403").Holding($"{log[20]}").Always());

        var resumed = await _host.RunAsync("backfill", "--from", $"{log[9]}", "--to", $"{log[^1]}");

        (refused.ExitCode, cron.ExitCode, resumed.ExitCode).Should().Be((77, 0, 2), resumed.Stderr);
        siem.Accepted.Should().Equal(Ids(log.Concat(log[10..].Where(eid => eid != log[20]))));
        Quarantined().Should().Equal($"{log[20]}");
    }

    [Fact]
    public async Task A_finding_that_it_does_not_like_is_put_aside_and_its_event_arrives()
    {
        using var siem = new Siem(new ArrayOfObjects());
        var log = await _host.GrownAsync(siem, "json", 3, 5);
        _host.Account.Append("""{"eid":9001,"time":"2026-09-01T00:00:00Z","actorUuid":"A","action":"disblmfa","objectType":"account"}""");
        siem.With(RefusingReceivers.By("403").When(ids => ids.Any(id => id.StartsWith("f-", StringComparison.Ordinal))).Always());

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(2, run.Stderr);
        siem.Accepted.Should().Equal(Ids(log.Append(9001)));
        Quarantined().Should().ContainSingle().Which.Should().StartWith("f-");
    }

    [Fact]
    public async Task A_backfill_and_replay_find_it_too()
    {
        using var siem = new Siem(new ArrayOfObjects());
        var log = await _host.GrownAsync(siem, "json", 30, 0);
        siem.With(RefusingReceivers.By("403").Holding($"{log[20]}").Always());

        var backfill = await _host.RunAsync("backfill", "--from", $"{log[9]}", "--to", $"{log[^1]}");
        siem.Recover();
        siem.With(RefusingReceivers.By("404").When(ids => ids.Contains($"{log[20]}") || ids.Contains($"{log[11]}")).Always());
        await File.AppendAllLinesAsync(_host.State("quarantine.ndjson"), [Line(log[11]), Line(log[12])]);
        var replay = await _host.RunAsync("replay");

        backfill.ExitCode.Should().Be(2, backfill.Stderr);
        siem.Accepted.Should().Equal(Ids(log.Concat(log[10..].Where(eid => eid != log[20])).Append(log[12])));
        replay.ExitCode.Should().Be(2, replay.Stderr);
        Quarantined().Should().Equal($"{log[20]}", $"{log[11]}");
        _host.Quarantine.Should().OnlyContain(line => line.Contains("404", StringComparison.Ordinal));
    }

    static string Line(long eid) =>
        $$"""{"when":"2026-05-04T03:02:01Z","stream":"audit","id":"{{eid}}","why":"x","status":400,"event":{{Account.Event(eid)}}}""";

    string[] Quarantined() => [.. _host.Quarantine.Select(line => (string)JsonNode.Parse(line)!["id"]!)];

    static IEnumerable<string> Ids(IEnumerable<long> log) => log.Select(eid => $"{eid}");
}
