using FluentAssertions;
using OpCollector.Tests.Support;
using Xunit;

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
        run.Stdout.Should().ContainAll("none yet", "start (oldest)", "quarantine", "empty");
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
        run.Stdout.Should().ContainAll("exit code 0, 30 events", $"event {log[^1]}", "old");
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
        run.Stdout.Should().ContainAll("exit code 77", "View Administrative Sidebar", "event 1014");
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
        run.Stdout.Should().ContainAll("2 items", _host.State("quarantine.ndjson"), "exit code 2");
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
        run.Stdout.Should().Contain("exit code 0, 3 events");
        run.Complaint.Should().ContainAll("checkpoint.json", "is damaged", "checkpoint set");
    }

    [Fact]
    public async Task A_damaged_report_of_the_last_run_is_no_failure()
    {
        _host.Account.Log(3);
        await _host.CollectAsync();
        await File.WriteAllTextAsync(_host.State("last-run.json"), "{\"started\":");

        var run = await _host.RunAsync("status");

        run.Should().BeEquivalentTo(new { ExitCode = 0, Stderr = "" });
        run.Stdout.Should().ContainAll("none yet", "event 1014");
    }
}
