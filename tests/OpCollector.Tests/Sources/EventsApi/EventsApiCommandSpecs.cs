using EventsApiEmulator;

namespace OpCollector.Tests;

/// <summary>The commands beside collect, on the Events API.</summary>
public sealed class EventsApiCommandSpecs : IDisposable
{
    readonly EventsApi _api = new();
    readonly Sandbox _host = new();

    public EventsApiCommandSpecs() => _host.From(_api);

    public void Dispose()
    {
        _host.Dispose();
        _api.Dispose();
    }

    static DateTimeOffset Ago(double minutes) => DateTimeOffset.UtcNow.AddMinutes(-minutes);

    [Fact]
    public async Task Check_looks_into_the_token_and_asks_each_stream()
    {
        _api.Add("auditevents", Ago(5));

        var run = await _host.RunAsync("check");

        run.ExitCode.Should().Be(0, run.Stdout);
        run.Stdout.Should().ContainAll(
            $"✓ token          for {_api.Authority}, account {EventsApi.Account}, with the rights auditevents",
            "✓ audit          readable, with an event of",
            "✓ signin",
            "✓ itemusage      readable, nothing in the last day");
        _host.Uuids.Should().BeEmpty();
    }

    [Fact]
    public async Task Check_goes_on_with_the_other_streams_where_one_is_refused()
    {
        _api.Token = ApiToken.For(_api.Authority, ["itemusages"]);
        _host.From(_api);

        var run = await _host.RunAsync("check");

        run.ExitCode.Should().Be(77);
        run.Stdout.Should().ContainAll("✗ audit", "the token has no right to auditevents", "✗ signin", "✓ itemusage");
    }

    [Fact]
    public async Task Check_tells_the_end_of_a_token_however_often_it_was_told()
    {
        _api.Token = ApiToken.For(_api.Authority, expires: DateTimeOffset.UtcNow.AddDays(3));
        _host.From(_api);
        var told = await _host.CollectAsync();

        var first = await _host.RunAsync("check");
        var second = await _host.RunAsync("check");

        told.Stderr.Should().Contain("expires on");
        first.Should().BeEquivalentTo(new { ExitCode = 0, Stderr = "" });
        first.Lines.Single(line => line.StartsWith("✓ token", StringComparison.Ordinal)).Should().ContainAll("expires on", "in 3 days");
        second.Stdout.Should().Be(first.Stdout);
    }

    [Theory]
    [InlineData("backfill")]
    [InlineData("report")]
    public async Task No_command_takes_events_of_another_account_than_the_checkpoint_s(string command)
    {
        await _host.CollectAsync();
        _api.AccountUuid = "ANOTHERACCOUNTANOTHERACCOU";
        _api.Add("auditevents", Ago(5));

        string[] output = command == "report" ? ["--out", "report.html"] : [];

        var run = await _host.RunAsync([command, "--since", "1d", .. output]);

        run.ExitCode.Should().Be(78);
        run.LastWords.Should().ContainAll(EventsApi.Account, "ANOTHERACCOUNTANOTHERACCOU", "state.directory");
        _host.Uuids.Should().BeEmpty();
    }

    [Fact]
    public async Task Check_refuses_the_token_of_another_account()
    {
        await _host.CollectAsync();
        _api.AccountUuid = "ANOTHERACCOUNTANOTHERACCOU";

        var run = await _host.RunAsync("check");

        run.ExitCode.Should().Be(78);
        run.Lines.Single(line => line.StartsWith('✗')).Should().StartWith("✗ token")
            .And.ContainAll(EventsApi.Account, "ANOTHERACCOUNTANOTHERACCOU", "state.directory");
    }

    [Fact]
    public async Task Check_stops_at_a_token_that_is_not_there()
    {
        _host.Environment.Remove("EVENTS_TOKEN");

        var run = await _host.RunAsync("check");

        run.ExitCode.Should().Be(78);
        run.Stdout.Should().Contain("✗ token").And.Contain("EVENTS_TOKEN is not set").And.NotContain("audit");
        _api.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task A_dry_run_prints_what_is_new_and_leaves_no_trace()
    {
        string[] all = [_api.Add("auditevents", Ago(5)), _api.Add("signinattempts", Ago(5)), _api.Add("itemusages", Ago(5))];

        var run = await _host.CollectAsync("--dry-run");
        var limited = await _host.CollectAsync("--dry-run", "--limit", "2");

        run.ExitCode.Should().Be(0, run.Stderr);
        run.Lines.Select(Sandbox.Uuid).Should().BeEquivalentTo(all);
        limited.Lines.Should().HaveCount(2);
        Directory.Exists(_host.State("")).Should().BeFalse();
    }

    [Fact]
    public async Task Status_and_checkpoint_show_tell_each_stream()
    {
        _host.Configuration["start"] = "30m";
        _api.Add("auditevents", Ago(5));
        await _host.CollectAsync();

        var status = await _host.RunAsync("status");
        var show = await _host.RunAsync("checkpoint", "show");

        status.ExitCode.Should().Be(0);
        status.Stdout.Should().MatchRegex("position +audit 2.*, itemusage 2.*, signin 2")
            .And.MatchRegex("age +the last event is 5 min old");
        show.Stdout.Should().ContainAll(
            $"events:{EventsApi.Account}", "audit        delivered up to", "itemusage    delivered up to", "looked for late events up to");
    }

    [Fact]
    public async Task Checkpoint_set_is_for_the_other_source()
    {
        var run = await _host.RunAsync("checkpoint", "set", "5");

        run.ExitCode.Should().Be(64);
        run.Complaint.Should().ContainAll("for the op source", "checkpoint reset", "backfill --since");
    }

    [Fact]
    public async Task After_a_reset_everything_comes_again()
    {
        var all = _api.AddMany("auditevents", 5, Ago(5), TimeSpan.FromSeconds(1));
        await _host.CollectAsync();

        await _host.RunAsync("checkpoint", "reset");
        await _host.CollectAsync();

        _host.Uuids.Should().Equal([.. all, .. all]);
    }

    [Fact]
    public async Task A_state_directory_of_the_other_source_is_refused()
    {
        await _host.CollectAsync();
        using var op = new Sandbox();
        op.Configuration["state"]!["directory"] = _host.State("");

        var run = await op.CollectAsync();

        run.ExitCode.Should().Be(78);
        run.Complaint.Should().ContainAll("events:", "op:acme", "state.directory");
    }

    [Fact]
    public async Task What_the_sink_refuses_is_put_aside_and_delivered_again_with_its_time()
    {
        using var receiver = new Receiver
        {
            Judge = body => body.Contains("POISON", StringComparison.Ordinal) ? Receiver.Answer.Of(400) : null
        };
        _host.To(receiver);
        _api.Add("auditevents", Ago(6));
        _api.Add("auditevents", Ago(5), "POISON");

        var run = await _host.CollectAsync();
        receiver.Judge = null;
        var replay = await _host.RunAsync("replay");

        (run.ExitCode, replay.ExitCode).Should().Be((2, 0));
        receiver.Requests[^1].Body.Should().Contain("POISON");
        _host.Quarantine.Should().BeEmpty();
    }

    [Fact]
    public async Task What_lies_aside_is_told_again_after_a_day_though_a_stream_fails_in_every_run()
    {
        _api.Token = ApiToken.For(_api.Authority, ["auditevents"]);
        _host.From(_api);
        _api.Add("auditevents", Ago(5), "X", """{"no":"uuid"}""");
        var first = await _host.CollectAsync();
        var second = await _host.CollectAsync();
        var last = _host.LastRun.AsObject();
        last["quarantineTold"] = DateTimeOffset.UtcNow.AddDays(-2);
        await File.WriteAllTextAsync(_host.State("last-run.json"), last.ToJsonString());

        var third = await _host.CollectAsync();

        new[] { first, second, third }.Should().OnlyContain(run => run.ExitCode == 77);
        first.Stderr.Should().Contain("1 item quarantined in");
        second.Stderr.Should().NotContain("quarantine");
        third.Stderr.Should().Contain("1 item still quarantined in");
    }
}
