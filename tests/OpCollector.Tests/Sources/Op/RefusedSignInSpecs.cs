using System.Globalization;
using System.Text.Json.Nodes;

namespace OpCollector.Tests;

/// <summary>What follows a refused password: a pause that grows, so that cron does not lock the account.</summary>
public sealed class RefusedSignInSpecs : IDisposable
{
    readonly Sandbox _host = new();

    public void Dispose() => _host.Dispose();

    int SignIns => _host.Account.Calls.Count(call => call.StartsWith("signin ", StringComparison.Ordinal));

    JsonNode? Refusal => JsonNode.Parse(File.ReadAllText(_host.State("op.json")))!["refusal"];

    void ChangeThePassword() => _host.Account.With("password", "changed since").Log(3);

    /// <summary>Puts the last refusal so far back that its pause is over.</summary>
    void LetThePauseEnd(int times = 1)
    {
        var memory = JsonNode.Parse(File.ReadAllText(_host.State("op.json")))!;
        var past = DateTimeOffset.UtcNow.AddMinutes(-1);
        memory["refusal"] = new JsonObject { ["times"] = times, ["at"] = past.AddHours(-1), ["until"] = past };
        File.WriteAllText(_host.State("op.json"), memory.ToJsonString());
    }

    [Theory]
    [InlineData("0.2.1")]
    [InlineData("1.12.9")]
    public async Task A_refused_password_is_tried_once_and_remembered(string version)
    {
        _host.Account.With("version", version);
        ChangeThePassword();

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(77);
        run.Stderr.Should().ContainAll("source.op.password", "opcollector check").And.NotContain("correct horse");
        SignIns.Should().Be(1);
        ((int)Refusal!["times"]!).Should().Be(1);
        ((DateTimeOffset)Refusal["until"]!).Should().BeCloseTo(DateTimeOffset.UtcNow.AddHours(1), TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task The_next_run_does_not_start_op_and_says_until_when()
    {
        ChangeThePassword();
        await _host.CollectAsync();
        _host.Account.ForgetCalls();

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(77);
        run.Complaint.Should().ContainAll(
            ((DateTimeOffset)Refusal!["until"]!).ToString("u", CultureInfo.InvariantCulture), "opcollector check");
        _host.Account.Calls.Should().BeEmpty();
        ((int)Refusal["times"]!).Should().Be(1);
    }

    [Fact]
    public async Task A_backfill_obeys_the_pause_too()
    {
        ChangeThePassword();
        await _host.CollectAsync();
        _host.Account.ForgetCalls();

        var run = await _host.RunAsync("backfill", "--from", "1", "--to", "5000");

        run.ExitCode.Should().Be(77);
        _host.Account.Calls.Should().BeEmpty();
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 4)]
    [InlineData(3, 8)]
    [InlineData(4, 16)]
    [InlineData(5, 24)]
    [InlineData(6, 24)]
    [InlineData(1000, 24)]
    public async Task Each_refusal_doubles_the_pause_up_to_a_day(int times, int hours)
    {
        ChangeThePassword();
        await _host.CollectAsync();
        LetThePauseEnd(times);

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(77);
        ((DateTimeOffset)Refusal!["until"]! - (DateTimeOffset)Refusal["at"]!).Should().Be(TimeSpan.FromHours(hours));
        ((int)Refusal["times"]!).Should().Be(times + 1);
    }

    [Fact]
    public async Task A_sign_in_that_succeeds_after_the_pause_ends_it_for_good()
    {
        ChangeThePassword();
        await _host.CollectAsync();
        LetThePauseEnd();
        _host.Account.With("password", "correct horse");

        var run = await _host.CollectAsync();

        run.Should().Be(new FinishedRun(0, "", ""));
        Refusal.Should().BeNull();
    }

    [Fact]
    public async Task A_check_tries_at_once_and_clears_the_pause()
    {
        ChangeThePassword();
        await _host.CollectAsync();
        _host.Environment["OP_PASSWORD"] = "changed since";
        var paused = await _host.CollectAsync();

        var check = await _host.RunAsync("check");
        var run = await _host.CollectAsync();

        paused.ExitCode.Should().Be(77);
        check.ExitCode.Should().Be(0);
        run.Should().Be(new FinishedRun(0, "", ""));
    }

    [Fact]
    public async Task A_check_that_is_refused_tries_once_and_leaves_the_pause_as_it_is()
    {
        ChangeThePassword();
        await _host.CollectAsync();
        _host.Account.ForgetCalls();

        var check = await _host.RunAsync("check");

        check.ExitCode.Should().Be(77);
        SignIns.Should().Be(1);
        ((int)Refusal!["times"]!).Should().Be(1);
    }

    [Fact]
    public async Task A_dry_run_obeys_the_pause()
    {
        ChangeThePassword();
        await _host.CollectAsync();
        _host.Account.ForgetCalls();

        var run = await _host.CollectAsync("--dry-run");

        run.ExitCode.Should().Be(77);
        _host.Account.Calls.Should().BeEmpty();
    }

    [Fact]
    public async Task A_dry_run_that_is_refused_leaves_nothing()
    {
        ChangeThePassword();

        var run = await _host.CollectAsync("--dry-run");

        run.ExitCode.Should().Be(77);
        SignIns.Should().Be(1);
        Directory.Exists(_host.State("")).Should().BeFalse();
    }

    [Fact]
    public async Task A_refusal_in_the_middle_of_a_run_is_remembered_and_what_came_before_is_safe()
    {
        var log = _host.Account.Log(10);
        await _host.CollectAsync();
        var more = _host.Account.Log(200, first: 5000);
        _host.Account.With("sessionLifeCalls", 1).WithFault("""{"command":"signin","call":3,"do":"http","status":401}""");

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(77);
        ((int)Refusal!["times"]!).Should().Be(1);
        _host.Delivered.Should().Equal([.. log, .. more.Take(91)]);
        ((long)_host.Checkpoint["lastEventId"]!).Should().Be(more[90]);
    }

    [Fact]
    public async Task A_sign_in_that_fails_for_another_reason_is_no_refusal()
    {
        _host.Account.With("endOfLife", true).Log(3);

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(69);
        Refusal.Should().BeNull();
    }
}
