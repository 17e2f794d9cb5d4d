using System.Text.Json.Nodes;
using OpCollector.Sources;

namespace OpCollector.Tests;

/// <summary>What a run leaves for <c>status</c> to tell.</summary>
public sealed class LastRunSpecs : IDisposable
{
    readonly Sandbox _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task It_says_what_was_delivered_and_when()
    {
        var before = DateTimeOffset.UtcNow;
        _host.Configuration["start"] = "999";
        _host.Account.Log(150);
        _host.Account.Append("@eid=5000\tnull");

        await _host.CollectAsync();

        Numbers("exitCode", "delivered", "batches", "quarantined").Should().Equal(2, 150, 2, 1);
        ((DateTimeOffset)_host.LastRun["started"]!).Should().BeAfter(before);
        ((DateTimeOffset)_host.LastRun["ended"]!).Should().BeAfter((DateTimeOffset)_host.LastRun["started"]!);
        _host.LastRun["message"].Should().BeNull();
    }

    [Fact]
    public async Task It_says_that_nothing_was_new()
    {
        _host.Account.Log(3);
        await _host.CollectAsync();
        var first = (DateTimeOffset)_host.LastRun["ended"]!;

        await _host.CollectAsync();

        Numbers("exitCode", "delivered", "batches", "quarantined").Should().Equal(0, 0, 0, 0);
        ((DateTimeOffset)_host.LastRun["started"]!).Should().BeAfter(first);
    }

    [Fact]
    public async Task It_says_what_failed_and_what_was_delivered_before()
    {
        using var receiver = new Receiver();
        _host.To(receiver).Configuration["start"] = "999";
        _host.Account.Log(150);
        receiver.Then(Receiver.Answer.Of(200)).Otherwise = Receiver.Answer.Of(401);

        var run = await _host.CollectAsync();
        var status = await _host.RunAsync("status");

        Numbers("exitCode", "delivered", "batches").Should().Equal(77, 100, 1);
        run.Stderr.Should().Contain((string)_host.LastRun["message"]!);
        status.Stdout.Should().Contain("exit code 77").And.Contain("401");
    }

    [Fact]
    public async Task It_says_that_a_signal_ended_the_run()
    {
        _host.Account.Log(3);
        _host.Account.WithFault("""{"command":"list events","call":1,"do":"hang"}""");
        using var running = _host.Start("collect");
        await Until.IsAsync(() => _host.Account.Journal.Any(call => (string?)call["args"]![0] == "list"), "op is asked");

        running.Signal("TERM");
        await running.ToEndAsync();

        Numbers("exitCode", "delivered").Should().Equal(143, 0);
    }

    [Fact]
    public async Task It_says_that_a_secret_is_not_there()
    {
        _host.Environment.Remove("OP_PASSWORD");

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(78);
        Numbers("exitCode").Should().Equal(78);
        ((string)_host.LastRun["message"]!).Should().Contain("OP_PASSWORD");
    }

    [Fact]
    public async Task A_secret_that_a_receiver_sends_back_is_not_in_it()
    {
        using var receiver = new Receiver().Then(Receiver.Answer.Of(401, "no such token: t0psecret-bearer"));
        _host.To(receiver).Configuration["sink"]!["auth"] = JsonNode.Parse("""{"bearer":{"env":"SIEM_TOKEN"}}""");
        _host.Environment["SIEM_TOKEN"] = "t0psecret-bearer";
        _host.Account.Log(3);

        var run = await _host.CollectAsync();
        var status = await _host.RunAsync("status");

        run.ExitCode.Should().Be(77);
        run.Stderr.Should().Contain("no such token").And.NotContain("t0psecret");
        (await File.ReadAllTextAsync(_host.State("last-run.json"))).Should().NotContain("t0psecret");
        status.Stdout.Should().NotContain("t0psecret");
    }

    [Fact]
    public async Task A_run_that_leaves_the_work_to_another_one_does_not_touch_it()
    {
        _host.Account.Log(3);
        await _host.CollectAsync();
        _host.Account.WithFault("""{"command":"list events","times":1,"do":"wait"}""");
        using var first = _host.Start("collect");
        await Until.ExistsAsync(Path.Combine(_host.Home, "op-waiting"));
        var before = _host.LastRun.ToJsonString();

        await _host.CollectAsync();
        var after = _host.LastRun.ToJsonString();
        await File.WriteAllTextAsync(Path.Combine(_host.Home, "op-go"), "");
        await first.ToEndAsync();

        after.Should().Be(before);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"started\":")]
    [InlineData("null")]
    [InlineData("[]")]
    public async Task A_damaged_one_is_no_hindrance(string content)
    {
        var log = _host.Account.Log(3);
        Directory.CreateDirectory(_host.State(""));
        await File.WriteAllTextAsync(_host.State("last-run.json"), content);

        var run = await _host.CollectAsync();
        var status = await _host.RunAsync("status");

        run.ExitCode.Should().Be(0, run.Stderr);
        status.ExitCode.Should().Be(0, status.Stderr);
        _host.Delivered.Should().Equal(log);
    }

    int[] Numbers(params string[] members) => [.. members.Select(member => (int)_host.LastRun[member]!)];
}
