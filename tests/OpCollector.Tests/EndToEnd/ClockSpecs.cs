using System.Text.Json.Nodes;
using OpCollector.Checkpoints;
using OpCollector.Sources;
using OpCollector.Sources.Op;

namespace OpCollector.Tests;

/// <summary>A clock that was a year ahead for one run: what it has left behind counts as never, and does not hold for a year.</summary>
public sealed class ClockSpecs : IDisposable
{
    static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    readonly Sandbox _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task A_run_that_is_still_to_come_is_no_good_run()
    {
        await _host.CollectAsync();
        Ahead("started", "ended", "lastGood", "lastFullRead", "quarantineTold");

        var stale = await _host.RunAsync("status", "--max-age", "1h");
        var run = await _host.CollectAsync();
        var good = await _host.RunAsync("status", "--max-age", "1h");

        stale.ExitCode.Should().Be(1, stale.Stdout);
        run.ExitCode.Should().Be(0, run.Stderr);
        good.ExitCode.Should().Be(0, good.Stdout);
    }

    [Fact]
    public async Task The_quarantine_is_told_of_all_the_same()
    {
        _host.Account.Append("@eid=5000\t{\"no\":\"eid\"}");
        await _host.CollectAsync();
        Ahead("quarantineTold");

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(2);
        run.Stderr.Should().Contain("still quarantined in");
    }

    [Fact]
    public void A_refusal_that_is_still_to_come_pauses_nothing()
    {
        var ahead = CredentialRefusal.After(null, Now.AddYears(1));

        CredentialRefusal.Believed(ahead, Now).Should().BeNull();
        CredentialRefusal.Believed(CredentialRefusal.After(null, Now), Now.AddMinutes(5)).Should().NotBeNull();
        CredentialRefusal.Believed(new CredentialRefusal(1, Now, Now.AddYears(9)), Now)!.Until.Should().Be(Now.AddHours(24));
    }

    [Fact]
    public void What_was_delivered_in_the_future_is_forgotten_like_what_is_delivered_now()
    {
        var known = Enumerable.Range(1, 200).Select(eid => new KnownEvent(eid, Now, Now.AddYears(1)));
        var position = OpPosition.At("op:acme", 200, Now, known);

        var kept = position.Pruned(Now);

        kept.Recent.Should().HaveCount(200).And.OnlyContain(each => each.Delivered == Now);
        kept.Pruned(Now.AddMinutes(11)).Recent.Should().HaveCount(OpPosition.FewestKept);
    }

    void Ahead(params string[] members)
    {
        var report = _host.LastRun.AsObject();
        foreach (var member in members)
        {
            report[member] = JsonValue.Create(DateTimeOffset.UtcNow.AddYears(1));
        }

        File.WriteAllText(_host.State("last-run.json"), report.ToJsonString());
    }
}
