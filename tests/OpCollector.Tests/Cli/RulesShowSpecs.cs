using System.Text.Json.Nodes;

namespace OpCollector.Tests;

/// <summary><c>rules show</c> and <c>detect --output text</c>: what a person reads of a rule and of findings.</summary>
public sealed class RulesShowSpecs : IDisposable
{
    readonly Sandbox _host = new();

    public void Dispose() => _host.Dispose();

    [Theory]
    [InlineData("mfa-not-restored")]
    [InlineData("A0816C18-95a5-541e-931e-2747c5036a41")]
    public async Task A_rule_is_shown_by_its_name_and_by_its_id(string name)
    {
        var run = await _host.RunAsync("rules", "show", name);

        run.Should().BeEquivalentTo(new { ExitCode = 0, Stderr = "" });
        run.Lines.Should().Equal(
            "mfa-not-restored Second factor not restored",
            "looks for    A second factor of a user was switched off, and twelve hours later none was switched on again, and the user was " +
                "neither deleted nor suspended.",
            "level        medium",
            "stream       any",
            "active       yes",
            "wrong about  A user without a telephone",
            "ATT&CK       attack.credential-access, attack.t1556.006",
            "more in      docs/detections.md#mfa-not-restored",
            "id           a0816c18-95a5-541e-931e-2747c5036a41",
            "file         (built in) mfa-not-restored.yml");
    }

    [Fact]
    public async Task A_rule_that_reports_nothing_says_why_not()
    {
        var run = await _host.RunAsync("rules", "show", "exclusive-access");

        run.Lines.Should().Contain("active       no: detection.lists.privileged_groups is missing or empty");
    }

    [Theory]
    [InlineData("exclusive-access", "lists        privileged_groups: empty; privileged_vaults: empty")]
    [InlineData("risky-signin-then-export", "lists        risky_countries: AF, BY, CN, CU, IR, KP, LY, NG, RU, SD, SY, YE")]
    public async Task The_watch_lists_that_a_rule_asks_for_are_shown_with_their_entries(string name, string expected)
    {
        var run = await _host.RunAsync("rules", "show", name);

        run.Lines.Should().Contain(expected);
    }

    [Fact]
    public async Task A_long_watch_list_is_shown_by_its_beginning()
    {
        _host.Configuration["detection"] = new JsonObject
        {
            ["lists"] = new JsonObject
            {
                ["sensitive_items"] = new JsonArray([.. Enumerable.Range(1, 25).Select(number => (JsonNode)$"item{number}")]),
            },
        };

        var run = await _host.RunAsync("rules", "show", "sensitive-item");

        run.Lines.Should().ContainSingle(line => line.StartsWith("lists ", StringComparison.Ordinal))
            .Which.Should().EndWith("item19, item20 and 5 more");
    }

    [Fact]
    public async Task A_rule_that_nobody_knows_is_a_mistake_of_the_command_line()
    {
        var run = await _host.RunAsync("rules", "show", "no\u001b[31msuch");

        run.ExitCode.Should().Be(64);
        run.Stdout.Should().BeEmpty();
        run.Complaint.Should().Contain("there is no rule \"no [31msuch\"; opcollector rules list shows them");
    }

    [Fact]
    public async Task Findings_as_text_have_a_line_each_with_time_level_rule_and_sentence()
    {
        var file = Path.Combine(_host.Root, "events.ndjson");
        await File.WriteAllLinesAsync(file,
        [
            """{"eid":7,"time":"2026-09-01T00:00:00Z","actorUuid":"A","action":"disblmfa","objectType":"account","objectUuid":"C"}""",
            """{"eid":8,"time":"2026-09-01T00:00:01Z","actorUuid":"A","action":"view","objectType":"vault","objectUuid":"V"}""",
            """{"eid":9,"time":"2026-09-01T00:00:02Z","actorUuid":"\u001b[31mA\n","action":"disblmfa","objectType":"account","objectUuid":"C"}""",
        ]);

        var run = await _host.RunAsync("detect", "--output", "text", file);

        run.Should().BeEquivalentTo(new { ExitCode = 0, Stderr = "" });
        run.Lines.Should().HaveCount(2);
        run.Lines[0].Should().Be(
            "2026-09-01 00:00:00Z  high      mfa-disabled-account            A disabled two-factor authentication for the account");
        run.Stdout.Should().NotContain("\u001b");
    }

    [Fact]
    public async Task What_belongs_together_about_a_person_has_one_key_for_deduplication()
    {
        var run = await _host.RunAsync("detect", ShippedFiles.Sample("account/events.ndjson"));

        var risks = run.Lines.Where(line => line.Contains("\"name\":\"risk-by-user\"", StringComparison.Ordinal)).ToArray();
        risks.Should().NotBeEmpty().And.OnlyContain(line => System.Text.RegularExpressions.Regex.IsMatch(
            line, "\"dedupKey\":\"risk-by-user:([A-Z0-9]{26})\".*\"entities\":\\{\"users\":\\[\\{\"uuid\":\"\\1\""));
    }
}
