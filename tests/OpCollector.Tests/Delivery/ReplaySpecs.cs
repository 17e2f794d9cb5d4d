using System.Text.Json.Nodes;
using OpCollector.Sources;
using Answer = OpCollector.Tests.Support.Receiver.Answer;

namespace OpCollector.Tests;

/// <summary>
/// <c>opcollector replay</c>: what lay in the quarantine is delivered once its reason is gone, and nothing of it is lost on the way.
/// </summary>
public sealed class ReplaySpecs : IDisposable
{
    readonly Sandbox _host = new();
    readonly Receiver _receiver = new();

    public ReplaySpecs() => _host.To(_receiver);

    public void Dispose()
    {
        _receiver.Dispose();
        _host.Dispose();
    }

    [Fact]
    public async Task Where_no_run_has_ever_been_it_says_so_and_makes_nothing()
    {
        var replay = await _host.RunAsync("replay");

        replay.ExitCode.Should().Be(0);
        replay.Complaint.Should().Contain($"No run has used the state directory {_host.Root}/state yet");
        Directory.Exists(Path.Combine(_host.Root, "state")).Should().BeFalse();
    }

    [Fact]
    public async Task What_the_receiver_takes_now_leaves_the_quarantine_byte_for_byte()
    {
        var bad = await QuarantineAsync(150);
        _receiver.Judge = null;

        var replay = await _host.RunAsync("replay");

        replay.Should().Be(new FinishedRun(0, "", ""));
        Replayed().Should().Equal(bad);
        Explanations.Remove(_receiver.Requests[^1].Body).Should().Contain(Account.Event(bad[^1], DateTimeOffset.UnixEpoch));
        _host.Quarantine.Should().BeEmpty();
        (await _host.CollectAsync()).Should().Be(new FinishedRun(0, "", ""));
    }

    [Fact]
    public async Task What_is_refused_again_stays_with_the_new_reason()
    {
        var bad = await QuarantineAsync(5);
        _receiver.Judge = body => body.Contains($"\"eid\":{bad[2]},", StringComparison.Ordinal) ? Answer.Of(422, "still no") : null;

        var replay = await _host.RunAsync("replay");

        replay.ExitCode.Should().Be(2);
        replay.Complaint.Should().EndWith("1 item that the sink refused again, with the new reason");
        Replayed().Should().Equal(bad.Where(eid => eid != bad[2]));
        var line = JsonNode.Parse(_host.Quarantine.Single())!;
        ((string)line["why"]!).Should().Contain("422").And.Contain("still no");
        ((int)line["status"]!).Should().Be(422);
    }

    [Fact]
    public async Task A_receiver_that_refuses_all_of_it_again_loses_none_of_it()
    {
        var bad = await QuarantineAsync(5);

        var replay = await _host.RunAsync("replay");

        replay.ExitCode.Should().Be(2);
        Replayed().Should().BeEmpty();
        Quarantined().Should().Equal(bad);
    }

    [Theory]
    [InlineData(401, 77)]
    [InlineData(404, 78)]
    public async Task A_receiver_that_does_not_want_us_leaves_everything_where_it_is(int status, int exitCode)
    {
        var bad = await QuarantineAsync(5);
        _receiver.Judge = null;
        _receiver.Otherwise = Answer.Of(status);

        var replay = await _host.RunAsync("replay");

        replay.ExitCode.Should().Be(exitCode);
        Quarantined().Should().Equal(bad);
    }

    [Theory]
    [InlineData("rename")]
    [InlineData("fsync")]
    [InlineData("pwrite64")]
    public async Task Killed_while_it_swaps_the_file_it_repeats_at_most_one_batch(string call)
    {
        var bad = await QuarantineAsync(150);
        _receiver.Judge = null;

        await Strace.RunAsync(_host, $"{call}:signal=SIGKILL:when=1", [_host.State("quarantine.ndjson.tmp")], "replay");
        var left = Quarantined();
        var again = await _host.RunAsync("replay");

        again.ExitCode.Should().Be(0, again.Stderr);
        left.Should().Equal(bad);
        Replayed().Distinct().Should().Equal(bad);
        Replayed().Length.Should().BeLessThanOrEqualTo(bad.Length + 100);
        _host.Quarantine.Should().BeEmpty();
    }

    [Fact]
    public async Task A_finding_keeps_its_time_where_the_receiver_wants_one()
    {
        _host.Configuration["sink"]!["format"] = "splunk-hec";
        _host.Configuration["sink"]!["splunk-hec"] = JsonNode.Parse("""{"acknowledgement":"off"}""");
        _receiver.Otherwise = Answer.Of(200, """{"text":"Success","code":0}""");
        _host.Account.Append(Account.Event(1));
        await _host.CollectAsync();
        _receiver.Judge = body => body.Contains("\"kind\":\"finding\"", StringComparison.Ordinal)
            ? Answer.Of(400, """{"text":"Invalid data format","code":6}""")
            : null;
        _host.Account.Append("""{"eid":2,"time":"2026-09-01T00:00:00Z","actorUuid":"A","action":"disblmfa","objectType":"account"}""");
        await _host.CollectAsync();
        var finding = JsonNode.Parse(_host.Quarantine.Should().ContainSingle().Which)!["event"]!;
        _receiver.Judge = null;

        var replay = await _host.RunAsync("replay");

        replay.Should().Be(new FinishedRun(0, "", ""));
        var sent = JsonNode.Parse(_receiver.Requests[^1].Body)!;
        sent["event"]!.ToJsonString().Should().Be(finding.ToJsonString());
        sent["time"]!.ToJsonString().Should().Be("1788220800");
    }

    [Fact]
    public async Task A_signal_ends_its_wait_for_the_next_attempt()
    {
        var bad = await QuarantineAsync(5);
        _receiver.Judge = null;
        _receiver.Otherwise = Answer.Of(429, "", "Retry-After: 30");
        var before = _receiver.Requests.Count;
        using var replay = _host.Start("replay");
        await Until.IsAsync(() => _receiver.Requests.Count > before, "the request is refused for now");

        replay.Signal("TERM");
        var ended = await replay.ToEndAsync();

        ended.Should().Be(new FinishedRun(143, "", ""));
        Quarantined().Should().Equal(bad);
    }

    [Fact]
    public async Task What_is_no_JSON_object_stays_and_is_said()
    {
        _host.Account.Append("@eid=1000\t\"text\"", "@eid=1001\t{\"action\":\"no id\"}", Account.Event(1002));
        await _host.CollectAsync();

        var replay = await _host.RunAsync("replay");

        replay.ExitCode.Should().Be(2);
        replay.Complaint.Should().EndWith("quarantine.ndjson: 1 item that cannot be sent: not a JSON object, or larger than 16 MB");
        _receiver.Requests[^1].Body.Should().Be("""[{"action":"no id"}]""");
        _host.Quarantine.Should().ContainSingle().Which.Should().Contain("bytes");
    }

    [Theory]
    [InlineData("a note of an operator")]
    [InlineData("""{"stream":null,"id":"1","why":"x","event":{"eid":1}}""")]
    [InlineData("""{"stream":"audit","id":null,"why":"x","event":{"eid":1}}""")]
    [InlineData("""{"stream":"audit","id":"1","why":"x","bytes":""}""")]
    public async Task A_line_that_is_none_of_ours_stays(string line)
    {
        await QuarantineAsync(1);
        await File.AppendAllTextAsync(_host.State("quarantine.ndjson"), line + "\n");
        _receiver.Judge = null;

        var replay = await _host.RunAsync("replay");

        replay.ExitCode.Should().BeOneOf([0, 2], replay.Stderr);
        _host.Quarantine.Should().Equal(line);
    }

    [Fact]
    public async Task What_a_run_puts_aside_meanwhile_is_kept()
    {
        var bad = await QuarantineAsync(1);
        var later = """{"when":"2026-05-04T03:02:01Z","stream":"audit","id":"77","why":"x","event":{"eid":77}}""";
        _receiver.Judge = body =>
        {
            File.AppendAllText(_host.State("quarantine.ndjson"), later + "\n");
            return null;
        };

        await _host.RunAsync("replay");

        Replayed().Should().Equal(bad);
        _host.Quarantine.Should().Equal(later);
    }

    [Fact]
    public async Task A_file_that_was_moved_away_meanwhile_does_not_come_back()
    {
        await QuarantineAsync(1);
        _receiver.Judge = _ =>
        {
            File.Delete(_host.State("quarantine.ndjson"));
            return null;
        };

        var replay = await _host.RunAsync("replay");

        replay.ExitCode.Should().Be(0, replay.Stderr);
        File.Exists(_host.State("quarantine.ndjson")).Should().BeFalse();
    }

    [Fact]
    public async Task An_empty_quarantine_is_no_work()
    {
        Directory.CreateDirectory(Path.Combine(_host.Root, "state"));

        var replay = await _host.RunAsync("replay");

        replay.Should().Be(new FinishedRun(0, "", ""));
        _receiver.Connections.Should().Be(0);
    }

    // One event that is delivered, and then as many that are refused.
    async Task<long[]> QuarantineAsync(int count)
    {
        _host.Account.Append(Account.Event(1000));
        await _host.CollectAsync();
        _receiver.Judge = _ => Answer.Of(400, "no such field");
        long[] bad = [.. Enumerable.Range(2000, count).Select(eid => (long)eid)];
        _host.Account.Append([.. bad.Select(eid => Account.Event(eid, DateTimeOffset.UnixEpoch))]);
        await _host.CollectAsync("--quarantine-rejected");
        Quarantined().Should().Equal(bad);
        return bad;
    }

    long[] Replayed() => [.. _receiver.Accepted.Where(eid => eid != 1000)];

    long[] Quarantined() => [.. _host.Quarantine.Select(line => (long)JsonNode.Parse(line)!["event"]!["eid"]!)];
}
