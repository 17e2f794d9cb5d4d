using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace OpCollector.Tests;

/// <summary>What <c>status</c> tells from the state directory alone.</summary>
public sealed class StatusSpecs : IDisposable
{
    readonly Sandbox _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task Before_the_first_run_there_is_nothing_to_tell_and_nothing_is_made()
    {
        var run = await _host.RunAsync("status");

        run.Should().BeEquivalentTo(new { ExitCode = 0, Stderr = "" });
        run.Lines[0].Should().Be("– No run yet. The first run begins at start (oldest).");
        run.Stdout.Should().ContainAll($"{Path.Combine(_host.Root, "state")} (no run has used it yet)", "quarantine", "empty");
        Directory.Exists(Path.Combine(_host.Root, "state")).Should().BeFalse();
        _host.Account.Calls.Should().BeEmpty();
    }

    [Fact]
    public async Task After_a_run_it_tells_how_it_went_and_where_the_collector_stands()
    {
        var log = _host.Account.Log(30);
        await _host.CollectAsync();
        _host.Account.ForgetCalls();

        var run = await _host.RunAsync("status");

        run.Should().BeEquivalentTo(new { ExitCode = 0, Stderr = "" });
        run.Lines[0].Should().MatchRegex(@"^✓ OK: the last run ended \d+ s ago \(.*\), after \d+ s, with exit code 0 \(done\)$");
        run.Stdout.Should().MatchRegex(@"last run +30 events and \d+ findings?\n").And.ContainAll($"event {log[^1]}", "old", "op:acme")
            .And.MatchRegex($@"\n  state +{Regex.Escape(Path.Combine(_host.Root, "state"))}\n");
        _host.Account.Calls.Should().BeEmpty();
    }

    [Fact]
    public async Task After_a_failure_it_tells_the_reason()
    {
        _host.Account.Log(3);
        await _host.CollectAsync();
        _host.Account.With("permission", "none");
        var failed = await _host.CollectAsync();

        var run = await _host.RunAsync("status");

        run.ExitCode.Should().Be(0);
        run.Lines[0].Should().StartWith("✗ FAILED: ").And.ContainAll(
            "exit code 77 (1Password or the sink refused the credentials)", "the last good run ended");
        run.Lines[1].Should().StartWith("  ").And.Contain("View Administrative Sidebar");
        run.Stdout.Should().Contain("event 1014");
        failed.Complaint.Should().Contain("View Administrative Sidebar");
    }

    [Fact]
    public async Task What_lies_in_the_quarantine_is_counted()
    {
        _host.Account.Log(3);
        _host.Account.Append("@eid=5000\t{\"eid\":\"five thousand\"}", "@eid=5001\t{\"eid\":null}");
        await _host.CollectAsync();

        var run = await _host.RunAsync("status");

        run.ExitCode.Should().Be(0);
        run.Stdout.Should().ContainAll("2 items", _host.State("quarantine.ndjson"), "exit code 2").And.MatchRegex(@"the oldest \d+ s old");
    }

    [Fact]
    public async Task What_all_runs_did_is_added_up()
    {
        _host.Account.Log(30);
        await _host.CollectAsync();
        _host.Account.Log(5, first: 9000);
        await _host.CollectAsync();

        var run = await _host.RunAsync("status");

        run.Stdout.Should().MatchRegex(@"delivered +35 events and \d+ findings in 2 runs since 2")
            .And.MatchRegex(@"position +event 9028 .*, written \d+ s ago");
    }

    [Fact]
    public async Task Findings_of_the_last_day_are_counted_and_older_ones_not()
    {
        _host.Account.Log(3);
        await _host.CollectAsync();
        await RewriteAsync(last => last["found"] = new JsonArray(Found(hours: 25, 7), Found(hours: 23, 4), Found(hours: 1, 1)));

        var run = await _host.RunAsync("status");

        run.Stdout.Should().MatchRegex("findings +5 in the last 24 hours");
    }

    [Fact]
    public async Task A_walk_and_a_backfill_under_way_are_told_with_their_position()
    {
        using var receiver = new Receiver { Otherwise = Receiver.Answer.Of(401) };
        _host.To(receiver).Account.Log(3);
        await _host.RunAsync("backfill", "--from", "1000", "--to", "2000");
        await File.WriteAllTextAsync(_host.State("walk.ndjson"), new string('x', 1_500_000));

        var run = await _host.RunAsync("status");

        run.ExitCode.Should().Be(0, run.Stderr);
        run.Stdout.Should().MatchRegex(@"backfill +unfinished: now at event 1000, up to event 2000 \(.*/backfill-\w+\.json\)")
            .And.MatchRegex("walk +unfinished: 1[.]5 MB");
    }

    [Fact]
    public async Task A_sink_that_is_wrong_is_no_hindrance()
    {
        _host.Account.Log(3);
        await _host.CollectAsync();
        _host.Configuration["sink"] = JsonNode.Parse("""{"type":"syslog","url":5}""");

        var run = await _host.RunAsync("status");

        run.Should().BeEquivalentTo(new { ExitCode = 0, Stderr = "" });
        run.Stdout.Should().Contain("event 1014");
    }

    [Fact]
    public async Task A_monitor_gets_one_line_and_1_before_the_first_run()
    {
        var run = await _host.RunAsync("status", "--max-age", "30m");

        run.Should().BeEquivalentTo(new { ExitCode = 1, Stderr = "" });
        run.Lines.Should().ContainSingle().Which.Should().Be(
            $"OPCOLLECTOR WARNING - no run has ended well yet in {Path.Combine(_host.Root, "state")}; the quarantine is empty");
        Directory.Exists(_host.State("")).Should().BeFalse();
    }

    [Fact]
    public async Task A_monitor_gets_0_while_a_run_ended_well_lately_and_1_afterwards()
    {
        _host.Account.Log(3);
        await _host.CollectAsync();
        _host.Account.With("permission", "none");
        await _host.CollectAsync();

        var lately = await _host.RunAsync("status", "--max-age", "30m");
        await RewriteAsync(last => last["lastGood"] = DateTimeOffset.UtcNow.AddMinutes(-31));
        var afterwards = await _host.RunAsync("status", "--max-age", "30m");

        lately.ExitCode.Should().Be(0, lately.Stdout);
        lately.Lines.Should().ContainSingle().Which.Should().StartWith("OPCOLLECTOR OK - the last good run ended")
            .And.ContainAll("the last one ended with 77", "View Administrative Sidebar");
        afterwards.ExitCode.Should().Be(1);
        afterwards.Lines.Should().ContainSingle().Which.Should().StartWith("OPCOLLECTOR WARNING - the last good run ended 31 min ago");
    }

    [Theory]
    [InlineData("30")]
    [InlineData("soon")]
    [InlineData("0s")]
    public async Task An_age_that_is_none_is_a_mistake_on_the_command_line(string age)
    {
        var run = await _host.RunAsync("status", "--max-age", age);

        run.ExitCode.Should().Be(64);
        run.Complaint.Should().Contain($"\"{age}\" is not a duration");
    }

    [Fact]
    public async Task A_program_gets_the_members_that_are_documented()
    {
        var documented = await File.ReadAllTextAsync(ShippedFiles.Source("docs/monitoring.md"));
        var empty = Json(await _host.RunAsync("status", "--output", "json"));
        _host.Account.Log(3);
        _host.Account.Append("@eid=5000\tnull");
        await _host.CollectAsync();

        var run = await _host.RunAsync("status", "--output", "json", "--max-age", "1h");

        run.ExitCode.Should().Be(0, run.Stderr);
        var status = Json(run);
        empty["lastRun"].Should().BeNull();
        empty["checkpoint"].Should().BeNull();
        ((int)status["lastRun"]!["exitCode"]!, (string)status["lastRun"]!["result"]!, (int)status["lastRun"]!["events"]!)
            .Should().Be((2, "done, and some items are in the quarantine", 3));
        ((bool)status["stale"]!, (int)status["quarantine"]!["items"]!, (long)status["delivered"]!["events"]!).Should().Be((false, 1, 3));
        ((string)status["checkpoint"]!["position"]!).Should().StartWith("event 1014");
        ((long)status["checkpoint"]!["lagSeconds"]!).Should().BeInRange(59, 600);
        Members(status, "").Should().HaveCountGreaterThan(25)
            .And.OnlyContain(member => documented.Contains($"`{member}`", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_damaged_checkpoint_is_told_and_the_rest_is_not_withheld()
    {
        _host.Account.Log(3);
        await _host.CollectAsync();
        await File.WriteAllTextAsync(_host.State("checkpoint.json"), "{");
        File.Delete(_host.State("checkpoint.prev.json"));

        var run = await _host.RunAsync("status");

        run.ExitCode.Should().Be(78);
        run.Stdout.Should().Contain("exit code 0 (done)");
        run.Complaint.Should().ContainAll("checkpoint.json", "is damaged", "checkpoint set");
        var monitored = await _host.RunAsync("status", "--max-age", "30m");
        monitored.ExitCode.Should().Be(78);
        monitored.Stdout.Should().StartWith("OPCOLLECTOR CRITICAL - ").And.Contain("is damaged");
    }

    [Fact]
    public async Task A_damaged_report_of_the_last_run_is_no_failure()
    {
        _host.Account.Log(3);
        await _host.CollectAsync();
        await File.WriteAllTextAsync(_host.State("last-run.json"), "{\"started\":");

        var run = await _host.RunAsync("status");

        run.Should().BeEquivalentTo(new { ExitCode = 0, Stderr = "" });
        run.Stdout.Should().ContainAll("No report of a run yet", "event 1014");
    }

    static JsonObject Json(FinishedRun run) => JsonNode.Parse(run.Lines.Should().ContainSingle().Which)!.AsObject();

    static IEnumerable<string> Members(JsonObject json, string path) =>
        json.SelectMany(
            member => (member.Value as JsonObject is { } inner ? Members(inner, $"{path}{member.Key}.") : []).Prepend(path + member.Key));

    static JsonObject Found(double hours, int findings) =>
        new() { ["ended"] = DateTimeOffset.UtcNow.AddHours(-hours), ["findings"] = findings };

    async Task RewriteAsync(Action<JsonObject> change)
    {
        var last = _host.LastRun.AsObject();
        change(last);
        await File.WriteAllTextAsync(_host.State("last-run.json"), last.ToJsonString());
    }
}
