using System.Diagnostics;
using EventsApiEmulator;
using OpCollector.Sources;

namespace OpCollector.Tests;

/// <summary>What a run leaves for Prometheus, however it ends.</summary>
public sealed class MetricsSpecs : IDisposable
{
    const string Promtool = "/usr/bin/promtool";

    readonly Sandbox _host = new();

    public MetricsSpecs() => _host.Configuration["metrics"] = new System.Text.Json.Nodes.JsonObject { ["file"] = "opcollector.prom" };

    public void Dispose() => _host.Dispose();

    string File => Path.Combine(_host.Root, "opcollector.prom");

    [Fact]
    public async Task A_run_says_how_it_went_and_where_the_collector_stands()
    {
        _host.Account.Log(150);
        _host.Account.Append("@eid=5000\tnull");
        var before = DateTimeOffset.UtcNow.ToUnixTimeSeconds();

        await _host.CollectAsync();

        var metrics = Read();
        metrics["last_run_exit_code"].Should().Be(2);
        metrics["last_run_timestamp_seconds"].Should().BeInRange(before, before + 60);
        metrics["last_success_timestamp_seconds"].Should().Be(metrics["last_run_timestamp_seconds"]);
        metrics["last_event_timestamp_seconds{stream=\"audit\"}"].Should().BeInRange(before - 120, before);
        (metrics["events_delivered_total"], metrics["quarantined_total"], metrics["quarantine_items"]).Should().Be((150, 1, 1));
        metrics.Keys.Should().NotContain(key => key.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Counters_grow_over_runs_and_failed_runs_count()
    {
        _host.Account.Log(3);
        await _host.CollectAsync();
        var success = Read()["last_success_timestamp_seconds"];
        _host.Account.With("permission", "none");
        await _host.CollectAsync();
        var failed = Read();
        _host.Account.With("permission", "all").Log(4, first: 9000);
        await _host.CollectAsync();

        (failed["last_run_exit_code"], failed["last_success_timestamp_seconds"]).Should().Be((77, success));
        (failed["runs_total{exit_code=\"0\"}"], failed["runs_total{exit_code=\"77\"}"], failed["events_delivered_total"])
            .Should().Be((1, 1, 3));
        (Read()["runs_total{exit_code=\"0\"}"], Read()["runs_total{exit_code=\"77\"}"], Read()["events_delivered_total"])
            .Should().Be((2, 1, 7));
    }

    [Fact]
    public async Task Promtool_has_nothing_to_say()
    {
        Assert.SkipUnless(System.IO.File.Exists(Promtool), "promtool is not installed (Debian's package prometheus)");
        _host.Account.Log(3);
        _host.Account.Append("@eid=5000\tnull");
        await _host.CollectAsync();

        using var promtool = Process.Start(
            new ProcessStartInfo("/bin/sh", ["-c", $"{Promtool} check metrics < {File}"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true
            })!;
        var said = await promtool.StandardOutput.ReadToEndAsync() + await promtool.StandardError.ReadToEndAsync();
        await promtool.WaitForExitAsync();

        (promtool.ExitCode, said).Should().Be((0, ""));
    }

    [Fact]
    public async Task Everybody_may_read_it_and_it_is_the_only_thing_left()
    {
        await _host.CollectAsync();
        await _host.CollectAsync();

        System.IO.File.GetUnixFileMode(File).Should().Be((UnixFileMode)Convert.ToInt32("644", 8));
        Directory.EnumerateFiles(_host.Root, "*.prom*").Should().Equal(File);
    }

    [Fact]
    public async Task Each_metric_is_documented()
    {
        _host.Account.Append("@eid=5000\tnull");
        await _host.CollectAsync();
        var documented = await System.IO.File.ReadAllTextAsync(ShippedFiles.Source("docs/monitoring.md"));

        Read().Keys.Select(key => key.Split('{')[0]).Should().HaveCountGreaterThan(12)
            .And.OnlyContain(name => documented.Contains($"`opcollector_{name}`", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Each_stream_has_its_newest_event()
    {
        using var api = new EventsApi();
        _host.From(api, "audit", "signin");
        api.Add("auditevents", DateTimeOffset.UtcNow.AddMinutes(-5));
        api.Add("signinattempts", DateTimeOffset.UtcNow.AddMinutes(-2));

        await _host.CollectAsync();

        (Read()["last_event_timestamp_seconds{stream=\"signin\"}"] - Read()["last_event_timestamp_seconds{stream=\"audit\"}"])
            .Should().BeApproximately(180, 2);
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_is_told_and_changes_nothing_else()
    {
        var log = _host.Account.Log(3);
        await _host.CollectAsync();
        _host.Configuration["metrics"]!["file"] = "nowhere/opcollector.prom";

        var run = await _host.CollectAsync();
        var check = await _host.RunAsync("check");

        run.ExitCode.Should().Be(0);
        run.Complaint.Should().ContainAll(" WRN ", "The metrics could not be written", "nowhere/opcollector.prom", "metrics.file");
        _host.Delivered.Should().Equal(log);
        check.ExitCode.Should().Be(74);
        check.Lines.Single(line => line.StartsWith('✗')).Should().StartWith("✗ metrics").And.Contain("metrics.file");
    }

    [Theory]
    [InlineData("ln -s /dev/null opcollector.prom")]
    [InlineData("ln -s nowhere opcollector.prom")]
    [InlineData("touch other && ln -s other opcollector.prom")]
    [InlineData("mkfifo opcollector.prom")]
    [InlineData("mkdir opcollector.prom")]
    public async Task What_is_no_regular_file_is_left_alone_and_told(string make)
    {
        using (var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", make]) { WorkingDirectory = _host.Root })!)
        {
            await shell.WaitForExitAsync();
        }

        var log = _host.Account.Log(3);
        var before = await ListAsync();

        var run = await _host.CollectAsync();
        var check = await _host.RunAsync("check");

        run.ExitCode.Should().Be(0, run.Stderr);
        run.Complaint.Should().ContainAll(
            " WRN ", "The metrics could not be written", "opcollector.prom is not a regular file", "left alone", "metrics.file");
        _host.Delivered.Should().Equal(log);
        (await ListAsync()).Should().Be(before);
        check.ExitCode.Should().Be(78);
        check.Lines.Single(line => line.StartsWith('✗'))
            .Should().StartWith("✗ metrics").And.ContainAll("not a regular file", "metrics.file");
    }

    [Fact]
    public async Task A_damaged_checkpoint_ends_the_run_as_ever_and_is_no_bug_of_the_metrics()
    {
        _host.Account.Log(3);
        await _host.CollectAsync();
        await System.IO.File.WriteAllTextAsync(_host.State("checkpoint.json"), "{");
        System.IO.File.Delete(_host.State("checkpoint.prev.json"));

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(78);
        run.Complaint.Should().Contain("is damaged");
        Read()["last_run_exit_code"].Should().Be(78);
    }

    [Fact]
    public async Task A_dry_run_and_a_backfill_leave_it_alone()
    {
        _host.Account.Log(3);

        await _host.CollectAsync("--dry-run");
        await _host.RunAsync("backfill", "--from", "1000");

        _host.Delivered.Should().NotBeEmpty();
        System.IO.File.Exists(File).Should().BeFalse();
    }

    async Task<string> ListAsync()
    {
        using var list = Process.Start(new ProcessStartInfo("/bin/ls", ["-ldi", File]) { RedirectStandardOutput = true })!;
        var listed = await list.StandardOutput.ReadToEndAsync();
        await list.WaitForExitAsync();
        return listed;
    }

    Dictionary<string, double> Read() => System.IO.File.ReadAllLines(File).Where(line => !line.StartsWith('#'))
        .ToDictionary(
            line => line["opcollector_".Length..line.LastIndexOf(' ')],
            line => double.Parse(line[line.LastIndexOf(' ')..], System.Globalization.CultureInfo.InvariantCulture));
}
