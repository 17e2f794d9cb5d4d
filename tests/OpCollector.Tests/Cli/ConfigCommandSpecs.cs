using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace OpCollector.Tests;

/// <summary>What <c>config show</c> and <c>config schema</c> print, and what they keep to themselves.</summary>
public sealed partial class ConfigCommandSpecs : IDisposable
{
    readonly Sandbox _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task The_schema_is_the_file_beside_the_samples_and_needs_no_configuration()
    {
        _host.Configuration.Clear();

        var run = await _host.RunAsync("config", "schema");

        run.Should().Be(new FinishedRun(0, await File.ReadAllTextAsync(ShippedFiles.Sample("opcollector.schema.json")), ""));
    }

    [Fact]
    public async Task Each_value_is_shown_with_the_place_it_comes_from()
    {
        var run = await _host.RunAsync("config", "show");

        run.Should().BeEquivalentTo(new { ExitCode = 0, Stderr = "" });
        Shown(run).Should().Contain(
            $"configuration {_host.ConfigurationFile} (--config)",
            $"source.type \"op\" PLACE",
            $"source.op.account \"acme\" PLACE",
            $"start \"oldest\" PLACE",
            $"sink.path \"out/events.ndjson\" PLACE",
            "enrichment.refreshAfter \"6h\" default",
            "detection.level \"medium\" default");
        run.Stdout.Should().NotContain("eventsApi").And.NotContain("sink.format");
        Directory.Exists(_host.State("")).Should().BeFalse();
        _host.Account.Calls.Should().BeEmpty();
    }

    [Fact]
    public async Task What_was_changed_is_shown_alone_on_request_and_as_JSON()
    {
        var run = await _host.RunAsync("config", "show", "--changed", "--output", "json");

        var values = JsonNode.Parse(run.Lines.Should().ContainSingle().Which)!.AsArray();
        values.Select(each => (string)each!["setting"]!).Should().Contain(["source.type", "start"]).And.NotContain("detection.level");
        ((string?)values.Single(each => (string?)each!["setting"] == "start")!["value"]).Should().Be("oldest");
    }

    [Fact]
    public async Task What_the_environment_decides_is_shown_with_the_name_of_the_variable()
    {
        _host.Configuration.Remove("state");
        _host.Configuration["sink"] = JsonNode.Parse("""{"type":"webhook","url":"https://siem.example/"}""");
        _host.Environment["STATE_DIRECTORY"] = "/var/lib/one:/var/lib/two";
        _host.Environment["HTTPS_PROXY"] = "http://user:t0psecret@proxy.example:3128";

        var run = await _host.RunAsync("config", "show");

        Shown(run).Should().Contain(
            "state.directory \"/var/lib/one\" the environment variable STATE_DIRECTORY",
            "sink.proxy \"***\" the environment variable HTTPS_PROXY");
        run.Stdout.Should().NotContain("t0psecret");
    }

    [Fact]
    public async Task An_object_of_several_kinds_is_shown_as_the_one_it_is()
    {
        _host.Configuration["sink"] = JsonNode.Parse("""
            {
              "type": "webhook", "url": "https://siem.example/",
              "auth": { "oauth2": { "googleServiceAccount": { "env": "KEY" }, "scope": "https://www.googleapis.com/auth/pubsub" } }
            }
            """);

        var run = await _host.RunAsync("config", "show");

        run.ExitCode.Should().Be(0, run.Stderr);
        Shown(run).Should().Contain(
            "sink.auth.oauth2.googleServiceAccount \"***\" PLACE, the environment variable KEY",
            "sink.auth.oauth2.scope \"https://www.googleapis.com/auth/pubsub\" PLACE");
    }

    [Fact]
    public async Task What_a_format_decides_is_shown_as_it_is()
    {
        _host.Configuration["sink"] =
            JsonNode.Parse("""{"type":"webhook","url":"https://siem.example/x/_bulk","format":"elasticsearch","limits":{"bytes":5000}}""");

        var run = await _host.RunAsync("config", "show");

        Shown(run).Should().Contain(
            "sink.success [200] default", "sink.limits.events 500 default", $"sink.limits.bytes 5000 PLACE");
        run.Stdout.Should().Contain("sink.url").And.NotContain("splunk-hec");
    }

    [Fact]
    public async Task A_secret_is_neither_read_nor_shown()
    {
        _host.Configuration["source"]!["op"]!["totpSecret"] = JsonNode.Parse("""{"file":"nowhere/totp"}""");
        _host.Configuration["sink"] = JsonNode.Parse("""
            {"type":"webhook","url":"https://siem.example/hooks/t0psecret?key=t0psecret","headers":{"X-Key":"t0psecret","X-Other":{"credential":"other"}},
             "auth":{"standardWebhooks":[{"env":"NOT_SET"},{"env":"OP_PASSWORD"}]}}
            """);
        _host.Environment["OP_PASSWORD"] = "t0psecret";

        var run = await _host.RunAsync("config", "show");

        run.Should().BeEquivalentTo(new { ExitCode = 0, Stderr = "" });
        run.Stdout.Should().NotContain("t0psecret");

        Shown(run).Should().Contain(
            $"source.op.password \"***\" PLACE, the environment variable OP_PASSWORD",
            $"source.op.totpSecret \"***\" PLACE, the file {Path.Combine(_host.Root, "nowhere/totp")}",
            $"sink.url \"https://siem.example/***\" PLACE",
            $"sink.headers.X-Key \"***\" PLACE",
            $"sink.headers.X-Other \"***\" PLACE, the credential other",
            $"sink.auth.standardWebhooks[0] \"***\" PLACE, the environment variable NOT_SET");
    }

    [Fact]
    public async Task A_wrong_configuration_is_complained_of_as_everywhere()
    {
        _host.Configuration["sink"]!["type"] = "syslog";

        var run = await _host.RunAsync("config", "show");

        run.Should().BeEquivalentTo(new { ExitCode = 78, Stdout = "" });
        run.Complaint.Should().MatchRegex(@"opcollector\.json:1:\d+: sink.type");
    }

    [Fact]
    public async Task The_schema_of_an_editor_has_no_effect()
    {
        _host.Configuration["$schema"] = "https://example.com/opcollector.schema.json";
        var log = _host.Account.Log(3);

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(0, run.Stderr);
        _host.Delivered.Should().Equal(log);
    }

    // Line and column of each value are told by ConfigurationErrorsSpecs.
    static string[] Shown(FinishedRun run) =>
    [
        .. run.Lines.Select(
            line => Place().Replace(string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)), "PLACE")),
    ];

    [GeneratedRegex(@"(?<= ):1:\d+")]
    private static partial Regex Place();
}
