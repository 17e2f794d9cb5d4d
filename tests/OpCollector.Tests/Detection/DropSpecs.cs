using System.Text.Json.Nodes;

namespace OpCollector.Tests;

/// <summary>What is not sent (<c>sink.drop</c>): counted, and never hidden from the rules of detection.</summary>
public sealed class DropSpecs : IDisposable
{
    const string Firewall = """
        title: Firewall
        id: 11111111-2222-4333-8444-555555555555
        logsource: { product: 1password, service: audit }
        detection:
          selection: { action: updatfw }
          condition: selection
        """;

    const string Unknown = "detection.lists.robots: \"Robby\" is not found";

    static readonly string OfRobots = Firewall.Replace("action: updatfw", "actor_uuid|expand: '%robots%'", StringComparison.Ordinal);

    readonly Sandbox _host = new();

    public DropSpecs() => _host.Configuration["sink"]!["drop"] = new JsonArray("noise");

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task What_a_rule_matches_is_not_sent_and_is_counted_and_the_rules_of_detection_see_it()
    {
        Write("firewall.yml", Firewall);
        _host.Configuration["metrics"] = new JsonObject { ["file"] = "opcollector.prom" };
        _host.Account.Append(Account.Event(1), Account.Event(2, action: "updatfw"), Account.Event(3));

        var run = await _host.CollectAsync("--verbose");
        var status = await _host.RunAsync("status");
        var json = JsonNode.Parse((await _host.RunAsync("status", "--output", "json")).Stdout)!;

        run.ExitCode.Should().Be(0, run.Stderr);
        run.Stderr.Should().Contain("2 events and 1 finding in 1 batch to").And.Contain(", 1 event dropped by sink.drop, 0 quarantined");
        var lines = await File.ReadAllLinesAsync(_host.Output);
        lines.Select(line => JsonNode.Parse(line)!).Select(each => (string?)each["kind"] ?? $"{each["eid"]}")
            .Should().Equal("1", "finding", "3");
        ((long)_host.Checkpoint["lastEventId"]!).Should().Be(3);
        status.Stdout.Should().MatchRegex("dropped +1 event in the last run and 1 event in all");
        ((int)json["lastRun"]!["dropped"]!).Should().Be(1);
        ((int)json["delivered"]!["dropped"]!).Should().Be(1);
        (await File.ReadAllTextAsync(Path.Combine(_host.Root, "opcollector.prom")))
            .Should().Contain("opcollector_events_dropped_total 1\n");
    }

    [Fact]
    public async Task It_holds_for_a_backfill_and_a_dry_run_and_without_detection()
    {
        Write("firewall.yml", Firewall);
        _host.Configuration["detection"] = new JsonObject { ["deliver"] = "off" };
        _host.Account.Append(Account.Event(1), Account.Event(2, action: "updatfw"), Account.Event(3));

        var preview = await _host.CollectAsync("--dry-run");
        var run = await _host.CollectAsync();
        var backfill = await _host.RunAsync("backfill", "--from", "1");

        preview.Lines.Select(Sandbox.Eid).Should().Equal(1, 3);
        run.ExitCode.Should().Be(0, run.Stderr);
        backfill.ExitCode.Should().Be(0, backfill.Stderr);
        _host.Delivered.Should().Equal(1, 3, 3);
    }

    [Fact]
    public async Task A_page_of_which_nothing_is_sent_moves_the_checkpoint()
    {
        Write("firewall.yml", Firewall);
        _host.Configuration["detection"] = new JsonObject { ["deliver"] = "off" };
        _host.Account.Append(Account.Event(1, action: "updatfw"), Account.Event(2, action: "updatfw"));

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(0, run.Stderr);
        File.Exists(_host.Output).Should().BeFalse();
        ((long)_host.Checkpoint["lastEventId"]!).Should().Be(2);
    }

    [Theory]
    [InlineData("title: x\ndetection: [", "noise/a.yml:3", "is not YAML")]
    [InlineData("title: x\nlogsource: { product: 1password }\ndetection:\n  s: { action: a }\n  condition: t\n", "noise/a.yml:5", "t")]
    public async Task A_rule_that_is_wrong_ends_the_run_before_anything_is_asked(string rule, string place, string words)
    {
        Write("a.yml", rule);

        var run = await _host.CollectAsync();
        var calls = _host.Account.Calls;
        var check = await _host.RunAsync("check");

        run.ExitCode.Should().Be(78);
        run.LastWords.Should().Contain(place).And.Contain(words);
        calls.Should().BeEmpty();
        check.ExitCode.Should().Be(78);
        check.Lines.Single(line => line.StartsWith('✗')).Should().StartWith("✗ detection").And.Contain(place);
    }

    [Fact]
    public async Task A_correlation_and_a_place_without_rules_are_refused()
    {
        Write("a.yml", $"""
            {Firewall}
            name: firewall
            ---
            title: Many
            id: 21111111-2222-4333-8444-555555555555
            name: many
            correlation: {"{"} type: event_count, rules: [firewall], group-by: [actor_uuid], timespan: 1h, condition: {"{"} gte: 2 {"}"} {"}"}
            """);
        var many = await _host.CollectAsync();
        File.Delete(Path.Combine(_host.Root, "noise", "a.yml"));
        var none = await _host.CollectAsync();

        many.ExitCode.Should().Be(78);
        many.LastWords.Should().ContainAll("noise/a.yml", "many", "correlation", "sink.drop");
        none.ExitCode.Should().Be(78);
        none.LastWords.Should().ContainAll("noise", "no rules there");
    }

    [Fact]
    public async Task A_rule_whose_list_is_empty_keeps_nothing_back_and_check_says_so()
    {
        Write("admins.yml", Firewall.Replace("action: updatfw", "actor_uuid|expand: '%admins%'", StringComparison.Ordinal));

        var check = await _host.RunAsync("check");

        check.Stdout.Should().Contain("detection.lists.admins is missing or empty: sink.drop keeps nothing back by 1111");
    }

    [Fact]
    public async Task A_list_that_a_drop_rule_alone_asks_for_is_used()
    {
        var lists = new JsonObject { ["robots"] = new JsonArray("AAAAAAAAAAAAAAAAAAAAAAAAAA") };
        _host.Configuration["detection"] = new JsonObject { ["lists"] = lists };
        Write("robots.yml", OfRobots);

        var check = await _host.RunAsync("check");
        var run = await _host.CollectAsync();

        (check.Stdout + run.Stderr).Should().NotContain("no rule uses");
    }

    [Theory]
    [InlineData("inline")]
    [InlineData("off")]
    public async Task A_name_that_nobody_has_in_a_list_of_a_drop_rule_is_reported_once_a_day(string deliver)
    {
        _host.Configuration["detection"] = JsonNode.Parse($$"""{ "deliver": "{{deliver}}", "lists": { "robots": ["Robby"] } }""");
        Write("robots.yml", OfRobots);
        _host.Account.Log(3);

        var run = await _host.CollectAsync();
        _host.Account.Append(Account.Event(9000));
        var second = await _host.CollectAsync();
        var backfill = await _host.RunAsync("backfill", "--from", "1000");
        var check = await _host.RunAsync("check");

        run.Stderr.Split('\n').Should().ContainSingle(line => line.Contains(Unknown, StringComparison.Ordinal));
        second.Stderr.Should().BeEmpty();
        backfill.Stderr.Should().Contain(Unknown);
        check.ExitCode.Should().Be(78);
        check.Stdout.Should().Contain(Unknown);
    }

    [Theory]
    [InlineData("inline")]
    [InlineData("off")]
    public async Task A_drop_rule_may_follow_a_group(string deliver)
    {
        const string robots = "aaaaaaaaaaaaaaaaaaaaaaaaaa";
        const string robot = "CTHSZQHLERKQXM2YFC3S4U5ZU4";
        _host.Account.With("version", "1.12.9").With("groups", JsonNode.Parse($$"""[{"uuid":"{{robots}}","name":"Robots"}]"""))
            .With("members", JsonNode.Parse($$"""{ "{{robots}}": [{ "uuid": "{{robot}}", "name": "somebody", "role": "MEMBER" }] }"""));
        _host.Configuration["detection"] = JsonNode.Parse($$"""{ "deliver": "{{deliver}}", "lists": { "robots": ["group:Robots"] } }""");
        Write("robots.yml", OfRobots);
        _host.Account.Append(
            Account.Event(1),
            Account.Event(2).Replace(robot, "ZTHSZQHLERKQXM2YFC3S4U5ZU4", StringComparison.Ordinal),
            Account.Event(3));

        var run = await _host.CollectAsync();
        var backfill = await _host.RunAsync("backfill", "--from", "1");

        (run.ExitCode, backfill.ExitCode).Should().Be((0, 0), run.Stderr + backfill.Stderr);
        _host.Delivered.Should().Equal(2, 2);
    }

    [Theory]
    [InlineData("inline")]
    [InlineData("off")]
    public async Task A_drop_rule_that_is_likely_to_be_a_mistake_is_reported(string deliver)
    {
        _host.Configuration["detection"] = new JsonObject { ["deliver"] = deliver };
        Write("firewall.yml", Firewall.Replace("action:", "acton:", StringComparison.Ordinal));
        _host.Account.Log(3);

        var before = await _host.RunAsync("check");
        var run = await _host.CollectAsync();
        var after = await _host.RunAsync("check");

        const string words = "noise/firewall.yml:5: no event of 1Password has a field acton; perhaps action is meant";
        before.Stdout.Should().Contain(words);
        run.Stderr.Should().Contain(words);
        (after.ExitCode, after.Stdout).Should().Match<(int ExitCode, string Stdout)>(
            check => check.ExitCode == 78 && check.Stdout.Contains(words, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Check_says_that_no_run_delivers_what_rules_find()
    {
        Write("firewall.yml", Firewall);
        _host.Configuration["detection"] = new JsonObject { ["deliver"] = "off" };

        var check = await _host.RunAsync("check");

        check.Stdout.Should().Contain("for opcollector detect alone: detection.deliver is \"off\"");
    }

    [Fact]
    public async Task A_filter_of_every_rule_needs_a_rule()
    {
        Write("filter.yml", """
            title: Filter
            id: 31111111-2222-4333-8444-555555555555
            logsource: { product: 1password, service: audit }
            filter: { rules: any, selection: { action: updatfw }, condition: selection }
            """);

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(78);
        run.LastWords.Should().Contain("noise/filter.yml:4").And.Contain("no rule of which this filter could leave something out");
    }

    void Write(string name, string text)
    {
        var path = Path.Combine(_host.Root, "noise", name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
