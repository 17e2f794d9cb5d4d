using System.Text.Json.Nodes;
using EventsApiEmulator;
using OpCollector.Sources;
using Answer = OpCollector.Tests.Support.Receiver.Answer;

namespace OpCollector.Tests;

/// <summary>
/// Findings in <c>collect</c> and <c>backfill</c>, with the shipped program: behind their events, the same however often a run dies, alone
/// where they are refused.
/// </summary>
public sealed class DetectionStageSpecs : IDisposable
{
    const string Group = "gggggggggggggggggggggggggg";

    static readonly FinishedRun Nothing = new(0, "", "");

    readonly Sandbox _host = new();
    readonly Receiver _receiver = new();

    public void Dispose()
    {
        _receiver.Dispose();
        _host.Dispose();
    }

    [Fact]
    public async Task A_finding_is_delivered_directly_after_its_event_in_the_same_request()
    {
        _host.To(_receiver).Account.Append(Account.Event(1), Off(2), Account.Event(3));

        var run = await _host.CollectAsync("--verbose");

        run.ExitCode.Should().Be(0, run.Stderr);
        run.Stderr.Should().Contain("3 events and 1 finding in 1 batch to");
        var items = JsonNode.Parse(_receiver.Requests.Should().ContainSingle().Which.Body)!.AsArray();
        items.Select(Name).Should().Equal("1", "2", "mfa-disabled-account", "3");
        items[2]!["event"]!.ToJsonString().Should().Be(items[1]!.ToJsonString());
        _host.LastRun["delivered"]!.GetValue<int>().Should().Be(3);
        _host.LastRun["findings"]!.GetValue<int>().Should().Be(1);
        ((long)_host.Checkpoint["lastEventId"]!).Should().Be(3);
        _host.Checkpoint["recentIds"]!.ToJsonString().Should().Be("[1,2,3]");
        (await _host.CollectAsync()).Should().Be(Nothing);
    }

    [Fact]
    public async Task A_correlation_goes_over_two_runs_and_a_run_that_is_killed_between_them_makes_the_same_finding_again()
    {
        _host.To(_receiver).Account.Append(Deletions(1, 6));
        await _host.CollectAsync();
        _host.Checkpoint["correlations"].Should().BeNull();
        _host.Checkpoint["memory"]!["file"]!.GetValue<int>().Should().Be(1);
        _host.Account.Append(Deletions(7, 4));
        var never = new TaskCompletionSource();
        _receiver.Then(Answer.Of(200).After(_ => never.Task));
        using var running = _host.Start("collect");
        await Until.IsAsync(() => _receiver.Requests.Count == 2, "the second request is there");

        await running.KillAsync();
        never.SetResult();
        var next = await _host.CollectAsync();

        next.Should().Be(Nothing);
        var (killed, repeated) = (_receiver.Requests[1].Body, _receiver.Requests[2].Body);
        repeated.Should().Be(killed);
        var finding = JsonNode.Parse(repeated)!.AsArray()[^1]!;
        Name(finding).Should().Be("mass-delete");
        finding["eventIds"]!.AsArray().Should().HaveCount(10);
    }

    [Fact]
    public async Task A_finding_that_is_refused_goes_to_the_quarantine_alone_and_can_be_sent_again()
    {
        await _host.To(_receiver).CollectAsync();
        _host.Account.Append(Account.Event(1), Off(2), Account.Event(3));
        _receiver.Judge = body => body.Contains("\"kind\":\"finding\"", StringComparison.Ordinal) ? Answer.Of(400) : null;

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(2, run.Stderr);
        _receiver.Accepted.Should().Equal(1, 2, 3);
        var line = JsonNode.Parse(_host.Quarantine.Should().ContainSingle().Which)!;
        line["id"]!.ToString().Should().StartWith("f-").And.Be(line["event"]!["id"]!.ToString());
        _receiver.Judge = null;
        (await _host.RunAsync("replay")).ExitCode.Should().Be(0);
        JsonNode.Parse(_receiver.Requests[^1].Body)![0]!.ToJsonString().Should().Be(line["event"]!.ToJsonString());
    }

    [Fact]
    public async Task A_dry_run_goes_on_from_the_checkpoint_and_forgets()
    {
        _host.Account.Append(Deletions(1, 6));
        await _host.CollectAsync();
        _host.Account.Append(Deletions(7, 4));

        var dry = await _host.CollectAsync("--dry-run");
        var again = await _host.CollectAsync("--dry-run");
        var text = await _host.CollectAsync("--dry-run", "--output", "text");
        await _host.CollectAsync();

        Name(JsonNode.Parse(dry.Lines[^1])).Should().Be("mass-delete");
        again.Should().Be(dry);
        text.Lines[^1].Should().Be("                      ! high  Many things deleted");
        (await File.ReadAllLinesAsync(_host.Output)).Should().EndWith(dry.Lines);
    }

    [Fact]
    public async Task A_backfill_looks_only_where_it_is_asked_to_and_from_an_empty_memory()
    {
        _host.Account.Append([Off(1), .. Deletions(2, 9)]);
        await _host.CollectAsync();
        var checkpoint = _host.Checkpoint.ToJsonString();
        File.Delete(_host.Output);

        (await _host.RunAsync("backfill", "--from", "0")).Should().Be(Nothing);
        (await File.ReadAllLinesAsync(_host.Output)).Should().HaveCount(10);
        File.Delete(_host.Output);
        (await _host.RunAsync("backfill", "--from", "0", "--findings")).Should().Be(Nothing);

        Delivered.Should().Equal(["1", "mfa-disabled-account", .. Enumerable.Range(2, 9).Select(eid => $"{eid}")]);
        _host.Checkpoint.ToJsonString().Should().Be(checkpoint);
    }

    [Fact]
    public async Task Nothing_is_looked_for_where_findings_are_not_delivered()
    {
        _host.Configuration["detection"] = JsonNode.Parse("""{"deliver":"off"}""");
        _host.Account.Append(Off(1));

        await _host.CollectAsync();

        Delivered.Should().Equal("1");
    }

    [Fact]
    public async Task Findings_alone_are_delivered_where_the_sink_wants_no_more()
    {
        _host.Configuration["sink"]!["only"] = "findings";
        _host.Account.Append(Account.Event(1), Off(2), Account.Event(3));

        var run = await _host.CollectAsync("--verbose");

        run.Stderr.Should().MatchRegex(@"0 events and 1 finding in 1 batch to .* \(3 more events only seen by the rules\)");
        ((int)_host.LastRun["delivered"]!, (int)_host.LastRun["findings"]!).Should().Be((0, 1));
        Delivered.Should().Equal("mfa-disabled-account");
        ((long)_host.Checkpoint["lastEventId"]!).Should().Be(3);
        (await _host.CollectAsync()).Should().Be(Nothing);
        (await _host.RunAsync("backfill", "--from", "0")).ExitCode.Should().Be(64);
    }

    [Fact]
    public async Task A_route_that_wants_findings_alone_gets_no_events_and_a_backfill_without_findings_nothing()
    {
        _host.Configuration["sink"]!["routes"] = JsonNode.Parse("""{"audit":{"only":"findings"}}""");
        _host.Account.Append(Account.Event(1), Off(2), Account.Event(3));

        var run = await _host.CollectAsync("--verbose");
        var backfill = await _host.RunAsync("backfill", "--from", "0");

        run.Stderr.Should().MatchRegex(@"0 events and 1 finding in 1 batch to .* \(3 more events only seen by the rules\)");
        Delivered.Should().Equal("mfa-disabled-account");
        backfill.ExitCode.Should().Be(64);
        backfill.Stderr.Should().Contain("--findings");
    }

    [Fact]
    public async Task Wrong_rules_stop_a_run_before_anything_is_fetched_each_with_its_place()
    {
        Put("rules/one.yml", Sigma.Rule("s:\n  action|is: view\ncondition: s", name: "one"));
        Put("rules/two.yml", Sigma.Rule("s:\n  action|has: view\ncondition: s", name: "two"));
        _host.Configuration["detection"] = JsonNode.Parse("""{"rules":["rules"]}""");
        _host.Account.Append(Account.Event(1));

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(78);
        run.Stderr.Should().ContainAll("rules/one.yml:8: action|is", "rules/two.yml:8: action|has");
        _host.Account.Calls.Should().BeEmpty();
        File.Exists(_host.Output).Should().BeFalse();
    }

    [Theory]
    [InlineData("""{"disabled":["mfa-disabld"]}""", "detection.disabled[0]: there is no rule")]
    [InlineData("""{"lists":{"threat_addresses":["198.51.100.0/33"]}}""", "detection.lists.threat_addresses[0]")]
    public async Task What_is_wrong_about_the_built_in_rules_stops_it_too_though_they_wait_for_an_event(string detection, string complaint)
    {
        _host.Configuration["detection"] = JsonNode.Parse(detection);

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(78);
        run.Stderr.Should().Contain(complaint);
        _host.Account.Calls.Should().BeEmpty();
    }

    [Fact]
    public async Task Names_on_watch_lists_are_known_from_the_very_first_event_on_and_an_unknown_one_is_told_once_a_day()
    {
        _host.Account.With("groups", JsonNode.Parse($$"""[{"uuid":"{{Group}}","name":"Owners"}]"""));
        _host.Configuration["detection"] = JsonNode.Parse("""{"lists":{"privileged_groups":["Owners","Ovners"]}}""");
        _host.Account.Append(Join(1));

        var run = await _host.CollectAsync();
        _host.Account.Append(Join(2));
        var next = await _host.CollectAsync();

        Delivered.Should().Equal("1", "exclusive-access", "2", "exclusive-access");
        run.Stderr.Should().Contain("\"Ovners\"").And.NotContain("\"Owners\"");
        next.Should().Be(Nothing);
    }

    [Fact]
    public async Task Names_from_files_count_for_watch_lists_too()
    {
        Put("names.json", $$"""[{"uuid":"{{Group}}","name":"Treasurers"}]""");
        _host.Configuration["enrichment"] = JsonNode.Parse("""{"lists":["names.json"]}""");
        _host.Configuration["detection"] = JsonNode.Parse("""{"lists":{"privileged_groups":["Treasurers"]}}""");
        _host.Account.Append(Join(1));

        (await _host.CollectAsync()).Stderr.Should().NotContain("Treasurers");

        Delivered.Should().Equal("1", "exclusive-access");
    }

    [Fact]
    public async Task The_events_of_the_Events_API_are_looked_at_too_and_a_burst_over_two_runs_is_one_finding()
    {
        using var api = new EventsApi();
        var rules = Path.Combine(_host.Root, "burst.yml");
        var burst = Sigma.Correlation(
            "type: event_count\nrules: [revealed]\ngroup-by: [user.uuid]\ntimespan: 10m\ncondition:\n  gte: 5", "burst");
        await File.WriteAllTextAsync(rules, $"{burst}---\n{Sigma.Rule("s:\n  action: reveal\ncondition: s", "revealed", "itemusage")}");
        _host.From(api, "itemusage").Configuration["detection"] = new JsonObject { ["rules"] = new JsonArray(rules) };
        var first = api.AddMany("itemusages", 4, DateTimeOffset.UtcNow.AddMinutes(-2), TimeSpan.FromSeconds(1));
        await _host.CollectAsync();
        var second = api.AddMany("itemusages", 4, DateTimeOffset.UtcNow.AddMinutes(-1), TimeSpan.FromSeconds(1));

        await _host.CollectAsync();

        var lines = (await File.ReadAllLinesAsync(_host.Output)).Select(line => JsonNode.Parse(line)!).ToArray();
        lines.Where(line => line["kind"] is null).Select(line => line["uuid"]!.ToString()).Should().Equal([.. first, .. second]);
        var at = Array.FindIndex(lines, line => line["kind"] is not null);
        lines.Count(line => line["kind"] is not null).Should().Be(1);
        at.Should().BeGreaterThan(4);
        lines[at]["event"]!.ToJsonString().Should().Be(lines[at - 1].ToJsonString());
        lines[at]["eventIds"]!.AsArray().Should().HaveCount(5);
    }

    [Fact]
    public async Task Silence_is_told_once_in_a_batch_of_its_own_and_once_when_it_is_over()
    {
        _host.To(_receiver).Configuration["silence"] = JsonNode.Parse("""{"after":"1h"}""");
        _host.Account.Append(Account.Event(1, DateTimeOffset.UtcNow.AddHours(-2)));

        (await _host.CollectAsync("--dry-run")).Lines.Should().ContainSingle();
        await _host.CollectAsync();
        (await _host.CollectAsync()).Should().Be(Nothing);
        _host.Account.Append(Account.Event(2));
        await _host.CollectAsync();
        (await _host.CollectAsync()).Should().Be(Nothing);

        Batches.Should().Equal("1", "collector-silent", "2", "collector-silent");
        Summaries.Should().SatisfyRespectively(
            began => began.Should().StartWith("No event for more than 1 hours, since event 1"),
            over => over.Should().StartWith("Events are coming again"));
    }

    [Fact]
    public async Task A_source_that_cannot_be_read_is_told_once_and_once_when_it_is_over()
    {
        _host.To(_receiver).Configuration["silence"] = JsonNode.Parse("""{"after":"1h"}""");
        _host.Account.Append(Account.Event(1));
        await _host.CollectAsync();
        var last = _host.LastRun;
        last["lastFullRead"] = DateTimeOffset.UtcNow.AddHours(-2);
        await File.WriteAllTextAsync(_host.State("last-run.json"), last.ToJsonString());
        _host.Account.WithFault("""{"command":"list events","do":"garbage"}""");

        var failed = await _host.CollectAsync();
        await _host.CollectAsync();
        _host.Account.WithoutFaults();
        var mended = await _host.CollectAsync();

        failed.ExitCode.Should().Be(65, failed.Stderr);
        mended.Should().Be(Nothing);
        Batches.Should().Equal("1", "source-unreadable", "source-unreadable");
        Summaries.Should().SatisfyRespectively(
            began => began.Should().StartWith("The source could not be read"),
            over => over.Should().Be("The source can be read again"));
    }

    [Fact]
    public async Task Where_no_event_ever_came_it_is_silent_since_the_first_run()
    {
        _host.To(_receiver).Configuration["silence"] = JsonNode.Parse("""{"after":"1h"}""");
        await _host.CollectAsync();
        (await _host.CollectAsync()).Should().Be(Nothing);
        await RanFirstAsync(DateTimeOffset.UtcNow.AddHours(-2));

        (await _host.CollectAsync()).Should().Be(Nothing);
        await _host.CollectAsync();
        _host.Account.Append(Account.Event(1));
        await _host.CollectAsync();

        Batches.Should().Equal("collector-silent", "1", "collector-silent");
        Summaries.Should().SatisfyRespectively(
            began => began.Should().MatchRegex("^No event for more than 1 hours, since 20"),
            over => over.Should().MatchRegex("^Events are coming again, after none since 20"));
    }

    [Fact]
    public async Task A_source_that_no_run_ever_read_is_told_counted_from_the_first_run()
    {
        _host.To(_receiver).Configuration["silence"] = JsonNode.Parse("""{"after":"1h"}""");
        _host.Configuration["start"] = "1";
        _host.Account.Append(Account.Event(1), Account.Event(2));
        _host.Account.WithFault("""{"command":"list events","do":"garbage"}""");
        (await _host.CollectAsync()).ExitCode.Should().Be(65);
        await RanFirstAsync(DateTimeOffset.UtcNow.AddHours(-2));

        await _host.CollectAsync();
        await _host.CollectAsync();

        Batches.Should().Equal("source-unreadable");
    }

    async Task RanFirstAsync(DateTimeOffset time)
    {
        var last = _host.LastRun;
        last["totals"]!["since"] = time;
        await File.WriteAllTextAsync(_host.State("last-run.json"), last.ToJsonString());
    }

    string[] Delivered => [.. File.ReadAllLines(_host.Output).Select(line => Name(JsonNode.Parse(line)))];

    IEnumerable<JsonNode?[]> Accepted =>
        _receiver.Requests.Where(request => request.IsAccepted).Select(request => JsonNode.Parse(request.Body)!.AsArray().ToArray());

    IEnumerable<string> Batches => Accepted.Select(items => string.Join(' ', items.Select(Name)));

    IEnumerable<string> Summaries =>
        Accepted.SelectMany(items => items).Where(item => item!["kind"] is not null).Select(item => item!["summary"]!.ToString());

    // An event by its id, a finding by its rule.
    static string Name(JsonNode? item) => item!["eid"]?.ToString() ?? item["rule"]!["title"]!.ToString() switch
    {
        "Two-factor authentication disabled for the account" => "mfa-disabled-account",
        "Many things deleted" => "mass-delete",
        "No events for longer than usual" => "collector-silent",
        "The source could not be read for longer than usual" => "source-unreadable",
        var title when title.Contains("rivileged", StringComparison.Ordinal) => "exclusive-access",
        var title => title,
    };

    static string Off(long eid) =>
        $$"""{"eid":{{eid}},"time":"2026-09-01T00:00:00Z","actorUuid":"A","action":"disblmfa","objectType":"account","objectUuid":"C"}""";

    static string Join(long eid) =>
        $$"""{"eid":{{eid}},"time":"2026-09-01T00:00:00Z","actorUuid":"A","action":"join","objectType":"gm","objectUuid":"{{Group}}","auxUUID":"B"}""";

    static string[] Deletions(int first, int count) =>
        [.. Enumerable.Range(first, count)
            .Select(
                eid =>
                    $$"""{"eid":{{eid}},"time":"2026-09-01T00:00:{{eid:00}}Z","actorUuid":"A","action":"delete","objectType":"vault","objectUuid":"V{{eid}}"}""")];

    void Put(string name, string text)
    {
        var path = Path.Combine(_host.Root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
