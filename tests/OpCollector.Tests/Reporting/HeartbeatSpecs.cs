using System.Text.Json.Nodes;
using OpCollector.Sources;

namespace OpCollector.Tests;

/// <summary>What a monitor hears of runs, and that no run cares what the monitor does.</summary>
public sealed class HeartbeatSpecs : IDisposable
{
    readonly Sandbox _host = new();
    readonly Receiver _monitor = new();

    public HeartbeatSpecs() => _host.Configuration["heartbeat"] = new JsonObject { ["url"] = _monitor.Url };

    public void Dispose()
    {
        _monitor.Dispose();
        _host.Dispose();
    }

    string[] Heard => [.. _monitor.Requests.Select(request => request.Head.Split(" HTTP/")[0])];

    [Fact]
    public async Task It_hears_that_a_run_began_and_that_it_ended_well()
    {
        await _host.CollectAsync();
        var run = await _host.CollectAsync();

        run.Should().Be(new FinishedRun(0, "", ""));
        Heard.Should().Equal("GET /hook/start", "GET /hook", "GET /hook/start", "GET /hook");
    }

    [Fact]
    public async Task It_hears_with_which_code_a_run_failed()
    {
        _host.Account.With("permission", "none");
        _host.Account.Log(3);

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(77);
        Heard.Should().Equal("GET /hook/start", "GET /hook/77");
    }

    [Fact]
    public async Task It_hears_of_a_run_that_could_not_even_begin()
    {
        await File.WriteAllTextAsync(Path.Combine(_host.Root, "state"), "a file");

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(73);
        Heard.Should().Equal("GET /hook/73");
    }

    [Fact]
    public async Task A_query_stays_where_it_is()
    {
        _host.Configuration["heartbeat"]!["url"] = $"{_monitor.Url}/?create=1";

        await _host.CollectAsync();

        Heard.Should().Equal("GET /hook/start?create=1", "GET /hook/?create=1");
    }

    [Fact]
    public async Task It_hears_nothing_of_a_dry_run_a_check_and_a_backfill()
    {
        _host.Account.Log(3);

        await _host.CollectAsync("--dry-run");
        var check = await _host.RunAsync("check");
        await _host.RunAsync("backfill", "--from", "1000");

        check.Lines.Single(line => line.Contains("heartbeat", StringComparison.Ordinal)).Should().StartWith("✓ heartbeat")
            .And.NotContain("hook");
        Heard.Should().BeEmpty();
    }

    [Fact]
    public async Task It_hears_nothing_of_a_run_that_leaves_the_work_to_another_one()
    {
        _host.Account.Log(3);
        _host.Account.WithFault("""{"command":"list events","times":1,"do":"wait"}""");
        using var first = _host.Start("collect");
        await Until.ExistsAsync(Path.Combine(_host.Home, "op-waiting"));

        var second = await _host.CollectAsync();
        var heard = Heard;
        await File.WriteAllTextAsync(Path.Combine(_host.Home, "op-go"), "");
        await first.ToEndAsync();

        second.ExitCode.Should().Be(0);
        heard.Should().Equal("GET /hook/start");
        Heard.Should().Equal("GET /hook/start", "GET /hook");
    }

    [Fact]
    public async Task A_monitor_that_is_not_there_is_no_news()
    {
        var log = _host.Account.Log(3);
        await _host.CollectAsync();
        _host.Configuration["heartbeat"]!["url"] = Receiver.Nowhere;

        var run = await _host.CollectAsync();

        run.Should().Be(new FinishedRun(0, "", ""));
        _host.Delivered.Should().Equal(log);
    }

    [Fact]
    public async Task A_monitor_that_hangs_costs_a_few_seconds_and_no_event()
    {
        var log = _host.Account.Log(3);
        _monitor.Then(Receiver.Answer.Stalled("HTTP/1.1 200 OK\r\n"));

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(0, run.Stderr);
        _host.Delivered.Should().Equal(log);
        Heard.Should().Equal("GET /hook/start", "GET /hook");
    }

    [Fact]
    public async Task An_address_that_the_monitor_does_not_know_is_told_and_changes_nothing_else()
    {
        await _host.CollectAsync();
        _monitor.Otherwise = Receiver.Answer.Of(404, "no such check: /hook");

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(0);
        run.Stderr.Should().ContainAll(" WRN ", "404", "heartbeat.url").And.NotContain("/hook");
    }

    [Fact]
    public async Task A_secret_address_stands_in_no_line()
    {
        _host.Configuration["heartbeat"] = JsonNode.Parse("""{"url":{"env":"HEARTBEAT"}}""");
        _host.Environment["HEARTBEAT"] = $"{_monitor.Url}-t0psecret";
        _monitor.Judge = body => Receiver.Answer.Of(404, "/hook-t0psecret is not known");

        var run = await _host.CollectAsync("--verbose");
        var show = await _host.RunAsync("config", "show");
        var check = await _host.RunAsync("check");

        run.ExitCode.Should().Be(0);
        Heard.Should().Equal("GET /hook-t0psecret/start", "GET /hook-t0psecret");
        (run.Stderr + show.Stdout + check.Stdout).Should().Contain("*** is not known").And.NotContain("t0psecret");
    }

    [Fact]
    public async Task A_secret_that_is_not_there_is_told_and_keeps_nothing_from_coming()
    {
        var log = _host.Account.Log(3);
        _host.Configuration["heartbeat"] = JsonNode.Parse("""{"url":{"env":"HEARTBEAT"}}""");

        var run = await _host.CollectAsync();
        var check = await _host.RunAsync("check");

        run.ExitCode.Should().Be(0);
        run.Stderr.Should().Contain("No heartbeat").And.Contain("HEARTBEAT is not set");
        _host.Delivered.Should().Equal(log);
        check.ExitCode.Should().Be(78);
        check.Lines.Single(line => line.StartsWith('✗')).Should().StartWith("✗ heartbeat");
    }

    [Theory]
    [InlineData("ftp://hc.example/x")]
    [InlineData("http://hc.example/x")]
    [InlineData("https://user:word@hc.example/x")]
    public async Task An_address_that_would_give_something_away_is_refused(string address)
    {
        _host.Configuration["heartbeat"]!["url"] = address;

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(78);
        run.Complaint.Should().Contain(": heartbeat.url: ").And.NotContain("hc.example");
    }
}
