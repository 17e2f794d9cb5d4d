using OpCollector.Detection.Sigma;
using OpCollector.Events;
using OpCollector.Report;

namespace OpCollector.Tests;

/// <summary>What a report counts, and that its memory does not depend on how much there is.</summary>
public sealed class PeriodCountsSpecs
{
    static readonly DateTimeOffset Monday = new(2026, 9, 7, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_newest_events_are_kept_in_whatever_order_they_come()
    {
        var random = new Random(Seeds.Draw());
        var newest = new NewestEvents();
        int[] minutes = [.. Enumerable.Range(0, 500)];
        random.Shuffle(minutes);
        foreach (var minute in minutes)
        {
            newest.Add(At(minute));
        }

        newest.Count.Should().Be(500);
        newest.LeftOut.Should().Be(490);
        newest.Events.Select(each => each.Id).Should().Equal(Enumerable.Range(490, 10).Reverse().Select(minute => $"{minute}"));
    }

    [Fact]
    public void A_ranking_is_exact_and_keeps_the_newest_events_of_those_in_front()
    {
        var random = new Random(Seeds.Draw());
        var ranking = new Ranking();
        var counted = new Dictionary<string, long>();
        for (var at = 0; at < 60_000; at++)
        {
            var key = $"k{(int)(900 * random.NextDouble() * random.NextDouble())}";
            counted[key] = counted.GetValueOrDefault(key) + 1;
            ranking.Count(key, At(at));
        }

        var (first, others) = ranking.Top(20);

        first.Select(each => (each.Key, each.Events.Count)).Should().Equal(
            counted.OrderByDescending(each => each.Value).ThenBy(each => each.Key, StringComparer.Ordinal).Take(20)
                .Select(each => (each.Key, each.Value)));
        (first.Sum(each => each.Events.Count) + others.Count).Should().Be(60_000);
        first.Should().OnlyContain(each => each.Events.Events.Count() == NewestEvents.Most);
        ranking.IsPartial.Should().BeFalse();
    }

    [Fact]
    public void Of_very_many_names_the_busy_ones_stay_and_the_sum_is_right()
    {
        var ranking = new Ranking();
        for (var at = 0; at < 50_000; at++)
        {
            ranking.Count($"once-{at}", At(at));
            ranking.Count("often", At(at));
        }

        var (first, others) = ranking.Top(1);

        first.Should().ContainSingle().Which.Should().BeEquivalentTo(new { Key = "often", Events = new { Count = 50_000L } });
        others.Count.Should().Be(50_000);
        ranking.IsPartial.Should().BeTrue();
        ranking.Different.Should().BeLessThan(10_001);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(21, 6)]
    [InlineData(90, 24)]
    [InlineData(365, 168)]
    [InlineData(36_500, 364 * 24)]
    public void The_stretches_of_a_timeline_are_few_and_hold_everything(int days, int hours)
    {
        var timeline = new Timeline();
        for (var hour = 0; hour < days * 24; hour += Math.Max(1, days / 30))
        {
            timeline.Add(Monday.AddHours(hour), At(0));
        }

        timeline.Width.Should().Be(TimeSpan.FromHours(hours));
        timeline.All.Should().HaveCountLessThanOrEqualTo(Timeline.MostBuckets);
        timeline.All.Sum(each => each.Bucket?.Count(Streams.Audit) ?? 0).Should().Be((((days * 24) - 1) / Math.Max(1, days / 30)) + 1);
    }

    [Fact]
    public void A_time_that_cannot_be_right_does_not_stretch_the_period_and_is_shown()
    {
        var report = new ReportOf().With(
            ReportOf.SignIn(1, "Alice", time: DateTimeOffset.MinValue),
            ReportOf.SignIn(2, "Alice", time: Monday),
            ReportOf.SignIn(3, "Alice", time: DateTimeOffset.MaxValue));

        report.Counts.Timeline.Width.Should().Be(TimeSpan.FromHours(1));
        (report.Counts.First, report.Counts.Last).Should().Be((Monday, Monday));
        report.Counts.Quiet.Longest(5).Should().BeEmpty();
        report.Counts.Events.Should().Be(3);
        report.Text.Should().Contain("events with a time that cannot be right").And.Contain("9999-12-31").And.Contain("0001-01-01");
    }

    [Fact]
    public void A_week_begins_on_a_monday()
    {
        var timeline = new Timeline();
        timeline.Add(Monday.AddDays(2), At(0));
        timeline.Add(Monday.AddDays(200), At(1));

        timeline.All.First().From.Should().Be(Monday);
    }

    [Fact]
    public void The_longest_time_without_an_event_is_found()
    {
        var quiet = new QuietHours();
        foreach (var hour in new[] { 0, 1, 2, 50, 51, 60, 0, 51 })
        {
            var time = Monday.AddHours(hour).AddMinutes(hour % 60);
            quiet.Add(new ShownEvent(time, Streams.Audit, $"{hour}", ""), time);
        }

        var longest = quiet.Longest(5);
        longest.Select(each => (each.From, each.Length)).Should().Equal(
            (Monday.AddHours(3), TimeSpan.FromHours(47)), (Monday.AddHours(52), TimeSpan.FromHours(8)));
        longest[0].Around.Events.Select(each => each.Id).Should().Equal("50", "2");
    }

    [Fact]
    public void Only_what_is_in_the_period_is_counted()
    {
        var report = new ReportOf(Monday, Monday.AddHours(1)).With(
            ReportOf.Found(1, "Alice", Monday.AddMinutes(-1)),
            ReportOf.Found(2, "Alice", Monday),
            ReportOf.Found(3, "Alice", Monday.AddHours(1)),
            ReportOf.Found(4, "Alice", Monday.AddHours(2)));

        report.Counts.Events.Should().Be(2);
        report.Counts.Findings.Total.Should().Be(2);
    }

    [Fact]
    public void The_findings_of_each_severity_have_a_bound_and_what_is_left_out_is_counted()
    {
        var report = new ReportOf().With(Enumerable.Range(0, 300).Select(at => ReportOf.Found(at, "Alice")));

        var findings = report.Counts.Findings;
        findings.Shown.Should().OnlyContain(each => each.Rule.Level >= RuleLevel.Medium);
        findings.Shown.Count(each => each.Rule.Level == RuleLevel.High).Should().Be(FoundFindings.MostOfLevel);
        findings.LeftOut.Should().Be(findings.Total - findings.Shown.Count()).And.BePositive();
        report.Text.Should().Contain($"{findings.LeftOut} are left out");
    }

    [Fact]
    public void Failed_sign_ins_are_counted_by_reason_person_and_address()
    {
        var failed = new ReportOf().With(
            ReportOf.SignIn(1, "Alice"),
            ReportOf.SignIn(2, "Alice", "credentials_failed"),
            ReportOf.SignIn(3, "Bob", "mfa_failed"),
            ReportOf.SignIn(4, "Bob", "credentials_failed")).Counts.Failed;

        failed.Reasons.Top(5).First.Select(each => (each.Key, each.Events.Count)).Should().Equal(
            ("credentials_failed: password_secret_bad", 2), ("mfa_failed: password_secret_bad", 1));
        failed.People.Top(5).First.Select(each => (each.Name, each.Events.Count)).Should().Equal(("Bob", 2), ("Alice", 1));
        failed.Addresses.Total.Should().Be(3);
    }

    static ShownEvent At(int minute) => new(Monday.AddMinutes(minute), Streams.Audit, $"{minute}", "Something happened");
}
