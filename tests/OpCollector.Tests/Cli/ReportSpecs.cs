using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace OpCollector.Tests;

/// <summary><c>opcollector report</c>, with the shipped program.</summary>
public sealed class ReportSpecs : IDisposable
{
    const string Off = """{"eid":7,"time":"2026-09-01T00:00:00Z","actorUuid":"A","action":"disblmfa","objectType":"account","objectUuid":"C"}""";

    static readonly string[] SampleFiles = ["auditevents", "signinattempts", "itemusages"];

    readonly Sandbox _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task The_sample_report_is_what_the_program_makes_of_the_sample_events()
    {
        var made = await OfTheSampleAsync("report");

        made.Should().BeEquivalentTo(new { ExitCode = 0, Stderr = "" });
        made.Stdout.Should().Be(await File.ReadAllTextAsync(ShippedFiles.Sample("report.html")));
    }

    [Fact]
    public async Task The_figures_are_those_of_the_files_and_of_detect()
    {
        var found = (await OfTheSampleAsync("detect")).Lines.Select(line => JsonNode.Parse(line)!["rule"]!["level"]!.ToString()).ToArray();
        var page = await File.ReadAllTextAsync(ShippedFiles.Sample("report.html"));

        Figure(page, "audit events").Should().Be(438);
        Figure(page, "sign-in attempts").Should().Be(189);
        Figure(page, "item usages").Should().Be(156);
        Figure(page, "high findings").Should().Be(found.Count(level => level == "high")).And.BePositive();
        Figure(page, "medium findings").Should().Be(found.Count(level => level == "medium")).And.BePositive();
    }

    [Fact]
    public async Task The_file_is_written_at_once_and_only_its_owner_can_read_it()
    {
        var output = Path.Combine(_host.Root, "week.html");
        await File.WriteAllTextAsync(output, "an older one");

        var run = await _host.RunAsync("report", Put("e.ndjson", Off), "--out", output);

        run.Should().BeEquivalentTo(new { ExitCode = 0, Stdout = "", Stderr = "" });
        (await File.ReadAllTextAsync(output)).Should().StartWith("<!DOCTYPE html>").And.EndWith("</html>\n");
        File.GetUnixFileMode(output).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Directory.GetFiles(_host.Root, "week*").Should().ContainSingle();
    }

    [Theory]
    [InlineData("", "--out names no file")]
    [InlineData("home", "is a directory; name a file")]
    [InlineData("missing/report.html", "does not exist; make it first")]
    public async Task A_place_where_no_file_can_be_is_refused_before_anything_is_read(string place, string why)
    {
        var run = await _host.RunAsync("report", "nothing-there.ndjson", "--out", place);

        run.Should().BeEquivalentTo(new { ExitCode = 64, Stdout = "" });
        run.Stderr.Should().Contain(why).And.NotContain("nothing-there");
    }

    [Theory]
    [InlineData("e.ndjson", "is a file that is read; name another")]
    [InlineData("opcollector.json", "is the configuration itself")]
    [InlineData("state/checkpoint.json", "is in the state directory")]
    [InlineData("out/events.ndjson", "is the file of sink.path; name another")]
    public async Task A_report_never_replaces_what_is_read_or_what_the_program_needs(string place, string why)
    {
        Put("e.ndjson", Off);
        _host.Account.Append(Account.Event(1));
        _host.Configuration["sink"] = new JsonObject { ["type"] = "file", ["path"] = "out/events.ndjson" };
        await _host.CollectAsync();
        var before = await File.ReadAllTextAsync(Path.Combine(_host.Root, place));

        var run = await _host.RunAsync("report", Path.Combine(_host.Root, "e.ndjson"), "--out", Path.Combine(_host.Root, place));

        run.ExitCode.Should().Be(64, run.Stderr);
        run.Complaint.Should().Contain(why);
        (await File.ReadAllTextAsync(Path.Combine(_host.Root, place))).Should().Be(before);
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_makes_no_report()
    {
        var output = Path.Combine(_host.Root, "week.html");

        var run = await _host.RunAsync("report", "nothing-there.ndjson", "--out", output);

        run.Should().BeEquivalentTo(new { ExitCode = 64 });
        File.Exists(output).Should().BeFalse();
    }

    [Fact]
    public async Task What_is_not_an_event_is_named_and_the_others_are_in_the_report()
    {
        var run = await _host.RunAsync("report", Put("e.ndjson", "nonsense", Off, Off));

        run.Should().BeEquivalentTo(new { ExitCode = 65 });
        run.Stderr.Should().Contain("e.ndjson:1: is not a JSON object");
        Figure(run.Stdout, "audit events").Should().Be(1, "an event that was delivered twice is one");
    }

    [Fact]
    public async Task Only_the_period_is_counted_and_nothing_in_it_is_said()
    {
        var later = Off.Replace("\"eid\":7", "\"eid\":8", StringComparison.Ordinal).Replace("09-01", "09-09", StringComparison.Ordinal);
        var events = Put("e.ndjson", Off, later);

        Figure((await _host.RunAsync("report", events)).Stdout, "audit events").Should().Be(2);
        Figure((await _host.RunAsync("report", events, "--since", "2026-09-05")).Stdout, "audit events").Should().Be(1);
        Figure((await _host.RunAsync("report", events, "--until", "2026-09-05")).Stdout, "audit events").Should().Be(1);
        var none = await _host.RunAsync("report", events, "--since", "2026-10-05");
        none.Should().BeEquivalentTo(new { ExitCode = 0 });
        none.Stderr.Should().Contain("no events in this period");
        (await _host.RunAsync("report", events, "--since", "2026-09-05", "--until", "2026-09-04")).Should()
            .BeEquivalentTo(new { ExitCode = 64, Stdout = "" });
    }

    [Fact]
    public async Task With_a_beginning_and_no_file_the_source_is_read_and_nothing_changes()
    {
        _host.Account.Log(10);
        await _host.CollectAsync();
        var before = Directory.GetFiles(Path.Combine(_host.Root, "state")).ToDictionary(file => file, File.ReadAllText);

        var run = await _host.RunAsync("report", "--since", "2000-01-01");

        run.Should().BeEquivalentTo(new { ExitCode = 0 });
        Figure(run.Stdout, "audit events").Should().Be(10);
        run.Stdout.Should().Contain("OK: the last run ended");
        Directory.GetFiles(Path.Combine(_host.Root, "state")).ToDictionary(file => file, File.ReadAllText).Should().BeEquivalentTo(before);
    }

    [Fact]
    public async Task The_quarantine_is_in_the_report()
    {
        await _host.CollectAsync();
        await File.WriteAllTextAsync(
            _host.State("quarantine.ndjson"),
            """{"when":"2026-09-01T00:00:00Z","stream":"audit","id":"<b>7","why":"was rejected & refused","bytes":"AAAA"}""" + "\n");

        var run = await _host.RunAsync("report", Put("e.ndjson", Off));

        run.Stdout.Should().Contain("&lt;b&gt;7").And.Contain("was rejected &amp; refused");
    }

    static int Figure(string page, string name) => int.Parse(
        Regex.Match(page, $"<span class=\"number\">(?:<a [^>]*>)?([0-9]+)(?:</a>)?</span> <span>{name}</span>").Groups[1].Value,
        CultureInfo.InvariantCulture);

    async Task<FinishedRun> OfTheSampleAsync(string command)
    {
        var files = SampleFiles.Select(name => ShippedFiles.Sample($"account/{name}.ndjson"));
        using var run = _host.Start(
            "/bin/sh",
            ["-c", $"exec {ShippedFiles.OpCollector} {command} {string.Join(' ', files)} -c {ShippedFiles.Sample("account/report.json")}"]);
        return await run.ToEndAsync();
    }

    string Put(string name, params string[] lines)
    {
        var path = Path.Combine(_host.Root, name);
        File.WriteAllLines(path, lines);
        return path;
    }
}
