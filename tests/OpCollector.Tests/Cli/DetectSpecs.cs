using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace OpCollector.Tests;

/// <summary><c>detect</c>, <c>profile</c> and <c>rules</c>, with the shipped program.</summary>
public sealed class DetectSpecs : IDisposable
{
    const string Off = """{"eid":7,"time":"2026-09-01T00:00:00Z","actorUuid":"A","action":"disblmfa","objectType":"account","objectUuid":"C"}""";

    readonly Sandbox _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task A_finding_says_what_rule_saw_what_and_carries_the_event()
    {
        var run = await _host.RunAsync("detect", Put("e.ndjson", Off, """{"eid":8,"time":"2026-09-01T00:00:00Z","action":"view"}"""));

        run.Should().BeEquivalentTo(new { ExitCode = 0, Stderr = "" });
        var finding = JsonNode.Parse(run.Lines.Should().ContainSingle().Which)!;
        finding["kind"]!.ToString().Should().Be("finding");
        finding["id"]!.ToString().Should().MatchRegex("^f-[a-z2-7]{26}$");
        finding["rule"]!["title"]!.ToString().Should().Be("Two-factor authentication disabled for the account");
        finding["rule"]!["level"]!.ToString().Should().Be("high");
        finding["rule"]!["tags"]!.AsArray().Select(tag => tag!.ToString()).Should().Contain("attack.t1556.006");
        finding["time"]!.ToString().Should().Be("2026-09-01T00:00:00Z");
        finding["stream"]!.ToString().Should().Be("audit");
        finding["eventIds"]!.ToJsonString().Should().Be("""["7"]""");
        run.Lines[0].Should().EndWith($"\"event\":{Off}}}");
    }

    [Fact]
    public async Task A_finding_of_an_event_that_no_run_has_explained_has_a_sentence_with_the_names_that_are_known()
    {
        var names = Put("users.json", """[{"id":"A","name":"Alice A"}]""");
        _host.Configuration["enrichment"] = new JsonObject { ["lists"] = new JsonArray(names) };
        var api = $$$"""{"uuid":"{{{new string('U', 26)}}}","timestamp":"2026-09-01T00:00:00Z","actor_uuid":"B","actor_details":{"name":"Bob \u00dc"},"action":"updatfw","object_type":"account","object_uuid":"C"}""";

        var run = await _host.RunAsync("detect", Put("e.ndjson", Off, api));

        run.Should().BeEquivalentTo(new { ExitCode = 0, Stderr = "" });
        run.Lines.Select(line => (string?)JsonNode.Parse(line)!["summary"]).Should().Equal(
            "Alice A disabled two-factor authentication for the account", "Bob Ü changed the firewall rules");
    }

    [Fact]
    public async Task The_same_findings_come_of_every_form_of_input_and_delivered_findings_are_no_events()
    {
        var lines = await _host.RunAsync("detect", Put("e.ndjson", Off));

        (await _host.RunAsync("detect", Put("p.json", $"[\n  {Off.Replace(",", ", ", StringComparison.Ordinal)}\n]"))).Lines
            .Should().Equal(lines.Lines);
        (await _host.RunAsync("detect", Put("d.ndjson", Off, lines.Lines[0]))).Lines.Should().Equal(lines.Lines);
    }

    [Fact]
    public async Task Events_are_read_from_a_pipe()
    {
        var start = new ProcessStartInfo("sh", ["-c", $"printf '%s\\n' '{Off}' | {ShippedFiles.OpCollector} detect"]);

        using var running = new RunningProcess(start);
        (await running.ToEndAsync()).Lines.Should().ContainSingle();
    }

    [Fact]
    public async Task What_is_no_event_is_named_and_the_others_are_looked_at()
    {
        var run = await _host.RunAsync("detect", Put("e.ndjson", "nonsense", """{"foo":1}""", Off));

        run.Should().BeEquivalentTo(new { ExitCode = 65 });
        run.Lines.Should().ContainSingle();
        run.Stderr.Should().ContainAll("e.ndjson:1: is not a JSON object", "e.ndjson:2: nothing tells what kind of event");
        (await _host.RunAsync("detect", "--stream", "signin", Put("e.ndjson", Off))).Lines.Should().BeEmpty();
    }

    [Fact]
    public async Task A_page_is_known_wherever_its_list_stands_with_and_without_a_stream()
    {
        var page = Put("page.json", $$"""{"cursor":"c","has_more":false,"items":[{{Off}}]}""");

        foreach (var options in new string[][] { [], ["--stream", "audit"] })
        {
            var run = await _host.RunAsync(["detect", .. options, page]);
            run.Should().BeEquivalentTo(new { ExitCode = 0, Stderr = "" });
            run.Lines.Should().ContainSingle();
        }

        (await _host.RunAsync("profile", page)).Should().BeEquivalentTo(new { ExitCode = 0 });
        (await _host.RunAsync("detect", "--stream", "audit", Put("none.json", """{"cursor":"c"}""")))
            .Should().BeEquivalentTo(new { ExitCode = 65 });
    }

    [Theory]
    [InlineData("2026-11-01T10:0{0}:00+0000")]
    [InlineData("2026-11-01 10:0{0}:00")]
    [InlineData("2026-11-01t10:0{0}:00,25z")]
    [InlineData("2026-11-01T10:0{0}:60+02")]
    public async Task Rules_with_a_span_of_time_see_every_spelling_of_a_time(string time)
    {
        var failed = Enumerable.Range(0, 26).Select(at =>
            $$$"""{"uuid":"U{{{at}}}","timestamp":"{{{string.Format(CultureInfo.InvariantCulture, time, at % 10)}}}","category":"credentials_failed","target_user":{"uuid":"A"},"client":{"ip_address":"192.0.2.1"}}""");

        var run = await _host.RunAsync("detect", Put("e.ndjson", [.. failed]));

        run.Should().BeEquivalentTo(new { ExitCode = 0, Stderr = "" });
        run.Lines.Should().HaveCount(2);
    }

    [Fact]
    public async Task Times_that_cannot_be_read_are_told_once()
    {
        string[] events = [.. Enumerable.Range(1, 26)
            .Select(at => $$"""{"eid":{{at}},"time":"{{at}}. Nov. 2026","actorUuid":"A","action":"view"}""")];

        var detect = await _host.RunAsync("detect", Put("e.ndjson", events));
        detect.Should().BeEquivalentTo(new { ExitCode = 0 });
        detect.Complaint.Should().Contain("26 events have a time that cannot be read").And.Contain("\"1. Nov. 2026\" in event 1");

        _host.Account.Append(events);
        var collect = await _host.CollectAsync();
        collect.Should().BeEquivalentTo(new { ExitCode = 0 });
        collect.Stderr.Split('\n').Should().ContainSingle(
            line => line.Contains("26 events have a time that cannot be read", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Rules_of_one_s_own_take_the_place_of_the_built_in_ones()
    {
        Put("rules/own.yml", Sigma.Rule("s:\n  action: view\ncondition: s"));

        var run = await _host.RunAsync(
            "detect", "--rules", Path.Combine(_host.Root, "rules"), Put("e.ndjson", Off, """{"eid":8,"action":"view"}"""));

        run.Lines.Should().ContainSingle().Which.Should().Contain("\"eventIds\":[\"8\"]");
    }

    [Fact]
    public async Task A_wrong_rule_is_refused_at_the_start_with_file_and_line()
    {
        Put("rules/own.yml", Sigma.Rule("s:\n  action|is: view\ncondition: s"));

        var run = await _host.RunAsync("detect", "--rules", Path.Combine(_host.Root, "rules"), Put("e.ndjson", Off));

        run.Should().BeEquivalentTo(new { ExitCode = 78, Stdout = "" });
        run.Complaint.Should().Contain("rules/own.yml:8: action|is: the modifier is is unknown");
    }

    [Fact]
    public async Task A_reader_that_has_seen_enough_ends_it()
    {
        var events = Put("e.ndjson", [.. Enumerable.Repeat(Off, 20_000)]);

        using var running = new RunningProcess(
            new ProcessStartInfo("bash", ["-c", $"{ShippedFiles.OpCollector} detect {events} | head -1; exit ${{PIPESTATUS[0]}}"]));
        (await running.ToEndAsync()).Should().BeEquivalentTo(new { ExitCode = 0, Stderr = "" });
    }

    [Fact]
    public async Task The_list_of_rules_says_which_are_active_and_why_not()
    {
        _host.Configuration["detection"] =
            JsonNode.Parse("""{"lists":{"admins":["AAAAAAAAAAAAAAAAAAAAAAAAAA","eve@acme.example"]},"disabled":["sso-changed"]}""");

        var run = await _host.RunAsync("rules", "list");

        run.ExitCode.Should().Be(0);
        string Row(string name) => run.Lines.Single(line => line.Contains($"\t{name}\t", StringComparison.Ordinal));
        Row("mfa-disabled-account").Should().ContainAll("high", "audit", "yes");
        Row("sso-changed").Should().Contain("disabled by detection.disabled");
        Row("nonadmin-privileged-activity").Should().Contain("yes, without privileged_groups, privileged_vaults");
        Row("item-shared").Should().Contain("below detection.level");
        run.Stderr.Should().Contain("\"eve@acme.example\"");
        run.Stdout.Should().NotContain("\u001b");
    }

    [Fact]
    public async Task A_rule_that_is_disabled_and_does_not_exist_is_refused()
    {
        _host.Configuration["detection"] = JsonNode.Parse("""{"disabled":["mfa-disabld"]}""");

        (await _host.RunAsync("rules", "list")).Complaint
            .Should().MatchRegex("opcollector\\.json:1:\\d+: detection\\.disabled\\[0\\]: there is no rule \"mfa-disabld\"");
    }

    [Fact]
    public async Task Checking_rules_runs_the_expectations_beside_them()
    {
        var file = Put("own.yml", Sigma.Rule("s:\n  action: view\ncondition: s"));
        Put(
            "own.expect.yml",
            "- case: a look\n  events: ['{\"eid\":1,\"action\":\"view\"}']\n  findings: { rule: 1 }\n- case: nothing\n  events: ['{\"eid\":1,\"action\":\"view\"}']\n  findings: {}\n");

        var run = await _host.RunAsync("rules", "check", file);

        run.ExitCode.Should().Be(78);
        run.Stdout.Should().ContainAll("✓ ", "1 rule, 2 expectations", "own.expect.yml:4: nothing: rule was found 1 times, expected 0");
        run.Complaint.Should().Contain("1 expectation not met");
    }

    [Fact]
    public async Task The_rule_and_the_expectation_of_the_documents_pass_as_they_are_printed()
    {
        var page = await File.ReadAllTextAsync(ShippedFiles.Source("docs/detections.md"));
        var fences = page.Split("```yaml\n").Skip(1).Select(part => part.Split("```")[0]).ToArray();
        Put("documented/finance.yml", fences.First(text => text.StartsWith("title:", StringComparison.Ordinal)));
        Put("documented/finance.expect.yml", fences.First(text => text.StartsWith("- case:", StringComparison.Ordinal)));

        var run = await _host.RunAsync("rules", "check", Path.Combine(_host.Root, "documented"));

        run.Should().BeEquivalentTo(new { ExitCode = 0, Stderr = "" });
        run.Stdout.Should().Contain("1 rule, 1 expectation");
    }

    [Fact]
    public async Task A_profile_shows_the_hours_and_what_to_put_into_the_configuration()
    {
        var user = new string('A', 26);
        _host.Configuration["detection"] = JsonNode.Parse(
            $$"""{"lists":{"admins":["{{user}}"]},"workingHours":[{"user":"{{user}}","timeZone":"Europe/Stockholm","days":"Mon","from":"09:00","to":"10:00"}]}""");
        // Four weeks, Monday to Friday, 09:00 to 16:59 in Stockholm, and one night.
        var events = Enumerable.Range(0, 28)
            .Where(day => day % 7 < 5)
            .SelectMany(day => Enumerable.Range(7, 8).Select(hour => $"2026-06-{1 + day:00}T{hour:00}:30:00Z"))
            .Append("2026-06-07T01:00:00Z");

        var run = await _host.RunAsync(
            "profile",
            Put(
                "e.ndjson",
                [.. events.Select((time, at) => $$"""{"eid":{{at + 1}},"time":"{{time}}","actorUuid":"{{user}}","action":"view"}""")]));

        run.Should().BeEquivalentTo(new { ExitCode = 0, Stderr = "" });
        run.Lines[0].Should().StartWith("WHO ");
        run.Lines[1].Should().MatchRegex($@"^{user} +161  Europe/Stockholm +Mon-Fri 09:00-17:00 +99 %$");
        run.Stdout.Should().NotContain("██");
        run.Stdout.Should().Contain(
            $$"""{ "user": "{{user}}", "timeZone": "Europe/Stockholm", "days": "Mon-Fri", "from": "09:00", "to": "17:00" }""");
    }

    [Fact]
    public async Task A_profile_counts_an_event_once_draws_on_request_and_proposes_nothing_without_a_pattern()
    {
        var user = new string('A', 26);
        var lines = Enumerable.Range(0, 240).Select(hour =>
            $$"""{"eid":{{hour + 1}},"time":"2026-06-{{1 + (hour / 24):00}}T{{hour % 24:00}}:30:00Z","actorUuid":"{{user}}","action":"view"}""").ToArray();
        var file = Put("e.ndjson", [.. lines, .. lines]);

        var run = await _host.RunAsync("profile", "--chart", file);
        var json = await _host.RunAsync("profile", "--output", "json", file);

        run.Lines[1].Should().MatchRegex($"^{user} +240 .* no regular hours$");
        run.Stdout.Should().Contain("█").And.NotContain("workingHours");
        var person = JsonNode.Parse(json.Stdout)!.AsArray().Should().ContainSingle().Which!;
        ((int)person["events"]!, (bool)person["regular"]!).Should().Be((240, false));
    }

    [Fact]
    public async Task Rules_are_listed_for_programs_too()
    {
        var run = await _host.RunAsync("rules", "list", "--output", "json");

        var rules = JsonNode.Parse(run.Lines.Should().ContainSingle().Which)!.AsArray();
        var rule = rules.Single(each => (string?)each!["name"] == "nonadmin-privileged-activity")!;
        ((bool)rule["active"]!, (string?)rule["reason"]).Should().Be((false, "detection.lists.admins is missing or empty"));
    }

    [Fact]
    public async Task The_same_mistake_in_every_line_of_a_file_is_told_once()
    {
        var lines = Enumerable.Range(0, 9).Select(number => $$"""{"name":"{{number}}"}""");

        var run = await _host.RunAsync("detect", Put("names.json", [.. lines]));

        run.ExitCode.Should().Be(65);
        run.Stderr.Split("nothing tells what kind of event").Should().HaveCount(2);
        run.Stderr.Should().Contain("9 in all were left out");
    }

    string Put(string name, params string[] lines)
    {
        var path = Path.Combine(_host.Root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllLines(path, lines);
        return path;
    }
}
