using System.Text.Json.Nodes;
using EventsApiEmulator;

namespace OpCollector.Tests;

/// <summary>
/// Every message is ours: what others wrote is in it cleaned and cut, and no library is quoted, whoever wrote what it could not read.
/// </summary>
public sealed class MessageSpecs : IDisposable
{
    // What steers a terminal, turns the direction of writing, or begins a line of its own; and far more than a line holds.
    const string Steering = "\u001b]0;title\u0007\u001b[2J\u009b31m\u202e\u2066\u200f\nERR forged\r\u0085\u2028";
    const string Person = "alice@acme.example";

    static readonly string Flood = string.Concat(Enumerable.Repeat($"{Person} {Steering} ", 3000));

    readonly Sandbox _host = new();

    public void Dispose() => _host.Dispose();

    [Theory]
    [InlineData("{\n  \"source\": ture, \"rest\": \"FLOOD\"}", "opcollector.json:2: is not JSON: it is broken at line 2, column ")]
    [InlineData("{\"source\":{\"type\":\"op\"},\n\"a\":flase,\"rest\":\"FLOOD\"}", "opcollector.json:2: is not JSON")]
    [InlineData("{\n\n\"source\": FLOOD}", "opcollector.json:3: is not JSON")]
    public async Task A_configuration_that_is_no_JSON_is_named_by_line_and_column(string text, string complaint)
    {
        var path = Put("broken/opcollector.json", text.Replace("FLOOD", Flood, StringComparison.Ordinal));

        var run = await BareAsync("config", "show", "--config", path);

        run.ExitCode.Should().Be(78);
        IsOurs(run).And.Contain(complaint);
    }

    [Fact]
    public async Task A_value_of_the_configuration_is_quoted_short_and_clean()
    {
        _host.Configuration["start"] = Flood;

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(78);
        IsOurs(run, mayQuote: true).And.MatchRegex(@"opcollector\.json:1:\d+: start");
    }

    [Theory]
    [InlineData("\"has_more\":false", "\"has_more\":flase")]
    [InlineData("\"items\":[", "\"items\":[nul,")]
    [InlineData("\"cursor\":", "\"cursor\":tru,\"c\":")]
    public async Task A_page_that_is_broken_in_a_literal_is_not_quoted(string right, string wrong)
    {
        using var api = new EventsApi();
        _host.From(api, "audit");
        api.Add("auditevents", DateTimeOffset.UtcNow.AddMinutes(-1));
        api.With(Trouble.Changed(page => page.Replace(right, $"{wrong}", StringComparison.Ordinal) + Flood).Of("auditevents").Always());

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(65);
        IsOurs(run).And.Contain("not a page of events (it is broken at line 1, column ");
        ((string)_host.LastRun["message"]!).Should().NotContain(Person).And.NotContainAny("\u001b", "\n");
    }

    [Theory]
    [InlineData("\u001b[2J\u009b31m\u202e nonsense")]
    [InlineData("2026/11/29 WARN update op\u0007")]
    public async Task The_first_bytes_of_what_op_printed_are_shown_clean(string output)
    {
        _host.Account.WithFault(
            new JsonObject { ["command"] = "list events", ["do"] = "exit", ["code"] = 0, ["stdout"] = output + Flood }.ToJsonString());

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(65, run.Stderr);
        IsOurs(run, mayQuote: true).And.Contain("no page of events but something that begins with");
    }

    [Fact]
    public async Task What_op_says_is_shown_short_and_clean()
    {
        _host.Account.WithFault(
            new JsonObject { ["command"] = "list events", ["do"] = "exit", ["code"] = 1, ["text"] = Flood }.ToJsonString());

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(69, run.Stderr);
        IsOurs(run, mayQuote: true);
    }

    [Theory]
    [InlineData("col\u001b[31mlect")]
    [InlineData("collect", "--limit\u009b=3")]
    [InlineData("backfill", "--from", "\u202e1")]
    [InlineData("detect", "/nowhere/\u001b[2J\u202e")]
    [InlineData("rules", "check", "/nowhere/\u0007\n")]
    [InlineData("status", "--max-age", "\u0085")]
    public async Task An_argument_is_shown_clean(params string[] arguments)
    {
        var run = await _host.RunAsync(arguments);

        run.ExitCode.Should().BeOneOf(64, 78);
        IsOurs(run, mayQuote: true);
    }

    [Theory]
    [InlineData("title: a\nlogsource: [x, {y: ]\nFLOOD")]
    [InlineData("\t- FLOOD")]
    [InlineData("title: x\ntitle: FLOOD")]
    [InlineData("a: *FLOOD")]
    [InlineData("&a [*a]")]
    [InlineData("? [a]\n: b")]
    public async Task A_file_of_rules_that_is_wrong_is_named_by_line(string text)
    {
        var path = Put("rules/wrong.yml", text.Replace("FLOOD", Flood, StringComparison.Ordinal));

        var run = await _host.RunAsync("rules", "check", path);

        run.ExitCode.Should().Be(78, run.Stderr);
        IsOurs(run).And.Contain("wrong.yml:");
    }

    [Theory]
    [InlineData("f|re: '(((FLOOD'")]
    [InlineData("f|re: '(?=FLOOD)'")]
    [InlineData("f|FLOOD: x")]
    [InlineData("? [a, b]\n    : FLOOD")]
    public async Task A_selection_that_is_wrong_is_not_quoted_at_length(string selection)
    {
        var path = Put("rules/wrong.yml", $$"""
            title: T
            level: high
            logsource: { product: 1password, service: audit }
            detection:
              s:
                {{selection.Replace("FLOOD", string.Concat(Enumerable.Repeat(Person + " ", 1000)), StringComparison.Ordinal)}}
              condition: s
            """);

        var run = await _host.RunAsync("rules", "check", path);

        run.ExitCode.Should().Be(78, run.Stderr);
        IsOurs(run, mayQuote: true).And.Contain("wrong.yml:");
    }

    [Fact]
    public async Task Endless_nesting_ends_no_stack()
    {
        foreach (var text in new[]
        {
            new string('[', 100_000),
            string.Concat(Enumerable.Repeat("- ", 50_000)),
            string.Concat(Enumerable.Repeat("{a: ", 50_000))
        })
        {
            var run = await _host.RunAsync("rules", "check", Put("rules/deep.yml", text));

            run.ExitCode.Should().Be(78, run.Stderr);
            IsOurs(run);
        }
    }

    [Fact]
    public async Task A_title_of_a_rule_steers_no_terminal()
    {
        Put("rules/odd.yml", """
            title: "odd \u001b[2J\u202e\u009b"
            level: high
            logsource: { product: 1password, service: audit }
            detection: { s: { action: join }, condition: s }
            """);
        _host.Configuration["detection"] = new JsonObject { ["rules"] = new JsonArray("rules") };

        var run = await _host.RunAsync("rules", "list");

        run.ExitCode.Should().Be(0, run.Stderr);
        run.Stdout.Should().NotContainAny("\u001b", "\u202e", "\u009b").And.Contain("odd ");
    }

    [Theory]
    [InlineData("--max-age", "1h")]
    [InlineData("--output", "text")]
    [InlineData("--output", "json")]
    public async Task A_report_that_others_wrote_into_is_shown_clean(params string[] options)
    {
        await _host.CollectAsync();
        var report = _host.LastRun;
        report["message"] = $"failed {Steering}";
        report["exitCode"] = 69;
        report["lastGood"] = null;
        await File.WriteAllTextAsync(_host.State("last-run.json"), report.ToJsonString());

        var run = await _host.RunAsync(["status", .. options]);

        run.Stdout.Should().Contain("failed ")
            .And.NotContainAny("\u001b", "\\u001", "\u009b", "\u202e", "\u2066", "\u0085", "\u2028", "\nERR");
    }

    [Theory]
    [InlineData("text")]
    [InlineData("json")]
    public async Task A_log_line_is_one_line_and_clean(string format)
    {
        _host.Account.WithFault(
            new JsonObject { ["command"] = "list events", ["do"] = "exit", ["code"] = 1, ["text"] = Steering }.ToJsonString());

        var run = await _host.CollectAsync("--verbose", "--log-format", format);

        run.Stderr.Should().NotContainAny("\u001b", "\\u001b", "\u009b", "\u202e", "\u2066", "\u200f", "\nERR", "\u0085", "\u2028", "\r");
    }

    static async Task<FinishedRun> BareAsync(params string[] arguments)
    {
        using var running = new RunningProcess(new System.Diagnostics.ProcessStartInfo(ShippedFiles.OpCollector, arguments));
        return await running.ToEndAsync();
    }

    // One line each, short, without anything that steers, and with nothing of the rest of what was read.
    static AndConstraint<FluentAssertions.Primitives.StringAssertions> IsOurs(FinishedRun run, bool mayQuote = false)
    {
        run.Stderr.Should().NotContainAny(
            "\u001b", "\u0007", "\r", "\u0085", "\u2028", "\u202e", "\u2066", "\u200f", "\u009b", "\nERR", "LineNumber", "System.");
        run.LastWords.Length.Should().BeLessThan(900);
        return mayQuote ? run.LastWords.Should().NotBeEmpty() : run.LastWords.Should().NotContain(Person);
    }

    string Put(string name, string text)
    {
        var path = Path.Combine(_host.Root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }
}
