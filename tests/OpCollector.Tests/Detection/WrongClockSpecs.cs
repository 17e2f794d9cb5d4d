using System.Globalization;
using System.Text;
using OpCollector.Detection;
using OpCollector.Detection.Findings;
using OpCollector.Detection.Sigma;
using OpCollector.Detection.Sigma.Correlations;
using OpCollector.Events;
using OpCollector.Tests.Support;

namespace OpCollector.Tests;

/// <summary>
/// What is done with an item has the time of the device, whose clock anybody can set: one event with a wrong time must not hide others,
/// and must not raise an alarm.
/// </summary>
public sealed class WrongClockSpecs
{
    const string Mallory = "MMMMMMMMMMMMMMMMMMMMMMMMMM";
    const string Bob = "BBBBBBBBBBBBBBBBBBBBBBBBBB";
    const int Burst = 10;

    static readonly DateTimeOffset Now = new(2026, 9, 1, 12, 0, 0, TimeSpan.Zero);
    static readonly DateTimeOffset Earlier = Now.AddMinutes(-50);

    static readonly InstalledRules Rules =
        InstalledRules.Load(DetectionSettings.Default with { Level = RuleLevel.Low }, SilenceSettings.Default, Watchlists.None) with
        {
            Clock = new VirtualTime(Now),
        };

    readonly RuleEngine _engine = Rules.CreateEngine();
    int _events;

    public static TheoryData<string, DateTimeOffset> Clocks => new()
    {
        { "in 2099", new DateTimeOffset(2099, 1, 1, 0, 0, 0, TimeSpan.Zero) },
        { "in the last year there is", DateTimeOffset.MaxValue },
        { "three days ahead", Now.AddDays(3) },
        { "two hours ahead", Now.AddHours(2) },
        { "59 minutes ahead", Now.AddMinutes(59) },
        { "an hour behind", Earlier.AddHours(-1) },
        { "a week behind", Earlier.AddDays(-7) },
        { "in 1970", DateTimeOffset.UnixEpoch },
    };

    [Theory]
    [MemberData(nameof(Clocks))]
    public void An_event_by_a_wrong_clock_hides_no_burst_behind_it(string clock, DateTimeOffset time)
    {
        Reveal(Mallory, time);

        RevealMany(Mallory, Earlier).Should().ContainSingle("item-reveal-burst", clock);
    }

    [Theory]
    [MemberData(nameof(Clocks))]
    public void A_burst_by_a_wrong_clock_is_seen_whatever_else_its_user_does(string clock, DateTimeOffset time)
    {
        foreach (var minute in Enumerable.Range(0, 200))
        {
            Reveal(Mallory, Earlier.AddMinutes(minute - 240), item: "one");
        }

        RevealMany(Mallory, time.Minus(TimeSpan.FromSeconds(Burst))).Should().ContainSingle("item-reveal-burst", clock);
    }

    [Fact]
    public void A_hundred_events_from_the_future_hide_no_burst_either()
    {
        foreach (var minute in Enumerable.Range(0, 200))
        {
            Reveal(Mallory, Now.AddMinutes(minute / 4.0), item: "one");
        }

        RevealMany(Mallory, Earlier).Should().ContainSingle("item-reveal-burst");
    }

    [Fact]
    public void An_event_from_the_future_ends_no_wait_before_its_time()
    {
        Audit("disblmfa", "user", Now.AddHours(-11.5));

        Audit("view", "report", Now.AddYears(70)).Should().NotContain("mfa-not-restored");
        Audit("view", "report", Now.AddMinutes(50)).Should().NotContain("mfa-not-restored");
        Audit("enblmfa", "user", Now.AddHours(-1)).Should().Equal("mfa-changed");
        Audit("view", "report", Now).Should().NotContain("mfa-not-restored");
    }

    [Fact]
    public void A_value_that_is_seen_first_in_the_future_does_not_make_the_rules_forget_the_others()
    {
        var detector = Sigma.Of(
            Sigma.Rule("selection:\n  action: view\ncondition: selection", "views") + "---\n" + Sigma.Correlation(
                "type: first_seen\nrules: [views]\ngroup-by: [actor_uuid]\nfield: client\ntimespan: 30d\nlearning: 1d"),
            new VirtualTime(Now));
        string View(DateTimeOffset time, string actor, string client) => string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"uuid":"{{++_events}}","timestamp":"{{time:O}}","actor_uuid":"{{actor}}","action":"view","object_type":"report","client":"{{client}}"}""");

        detector.See(View(Now.AddDays(-9), Bob, "Mac"));
        detector.See(View(Now.AddDays(-9), Mallory, "Mac"));
        detector.See(View(Now.AddYears(70), Mallory, "Mac"));

        detector.See(View(Now.AddDays(-2), Bob, "Windows")).Should().ContainSingle();
        detector.See(View(Now.AddDays(-1), Bob, "Windows")).Should().BeEmpty();
    }

    [Fact]
    public void A_finding_about_an_event_from_the_future_has_a_time_that_can_be_searched()
    {
        Audit("view", "report", Earlier);

        var finding = _engine.Evaluate(Json("disblmfa", "user", Now.AddYears(70)), Streams.Audit, "last", Now.AddYears(70))[0];

        finding.Time.Should().Be(Earlier);
        Encoding.UTF8.GetString(finding.Bytes.Span).Should().Contain("\"timestamp\":\"2096-");
    }

    [Fact]
    public void What_a_clock_that_was_ahead_has_left_in_the_memory_is_passed_over()
    {
        var ahead = (Rules with { Clock = EndOfTimeClock.Instance }).CreateEngine();
        var journal = new MemoryJournal([]);
        ahead.WriteTo(journal);
        ahead.Evaluate(Item(Mallory, Now.AddYears(70), "x"), Streams.ItemUsage, "x", Now.AddYears(70));

        _engine.Replay().Apply(journal.DrainChanges()).Should().BeTrue();

        _engine.Memories.OfType<CorrelationMemory>().SelectMany(memory => memory.Groups).Should().BeEmpty();
        RevealMany(Mallory, Earlier).Should().ContainSingle("item-reveal-burst");
    }

    List<string> RevealMany(string user, DateTimeOffset from) =>
        [.. Enumerable.Range(0, Burst)
            .SelectMany(second => Reveal(user, from.Plus(TimeSpan.FromSeconds(second))))
            .Where(name => name == "item-reveal-burst")];

    string[] Reveal(string user, DateTimeOffset time, string? item = null)
    {
        var id = $"{++_events}";
        return Names(_engine.Evaluate(Item(user, time, item ?? id), Streams.ItemUsage, id, time));
    }

    string[] Audit(string action, string type, DateTimeOffset time) =>
        Names(_engine.Evaluate(Json(action, type, time), Streams.Audit, $"{++_events}", time));

    static string[] Names(IReadOnlyList<Finding> findings) => [.. findings.Select(finding => finding.Rule.Name)];

    static byte[] Json(string action, string type, DateTimeOffset time) => Encoding.UTF8.GetBytes(
        $$"""{"timestamp":"{{time:O}}","actor_uuid":"{{Bob}}","action":"{{action}}","object_type":"{{type}}","object_uuid":"{{Bob}}"}""");

    static byte[] Item(string user, DateTimeOffset time, string item) => Encoding.UTF8.GetBytes(
        $$$"""{"timestamp":"{{{time:O}}}","item_uuid":"{{{item}}}","vault_uuid":"vault","action":"reveal","user":{"uuid":"{{{user}}}"}}""");
}
