using OpCollector.Sources.EventsApi;

namespace OpCollector.Tests;

/// <summary>How wide the stretches of a backfill are, by what the ones before have shown.</summary>
public sealed class StretchWidthSpecs
{
    static readonly DateTimeOffset From = new(2026, 9, 1, 0, 0, 0, TimeSpan.Zero);

    readonly StretchWidth _width = new(limit: 1000);

    [Fact]
    public void A_stretch_has_about_a_page()
    {
        _width.Adapt(TimeSpan.FromHours(2), events: 1600);

        Width().Should().Be(TimeSpan.FromHours(1));
    }

    [Fact]
    public void Where_nothing_happened_no_stretch_becomes_longer_than_a_day()
    {
        foreach (var hours in (int[])[1, 4, 16, 24, 24])
        {
            _width.Adapt(TimeSpan.FromHours(hours), events: 0);
        }

        Width().Should().Be(TimeSpan.FromDays(1));
    }

    [Fact]
    public void An_account_with_few_events_has_stretches_of_weeks_and_keeps_them_over_a_quiet_one()
    {
        foreach (var days in (int[])[1, 4, 16])
        {
            _width.Adapt(TimeSpan.FromDays(days), events: days);
        }

        _width.Adapt(TimeSpan.FromDays(64), events: 0);

        Width().Should().Be(TimeSpan.FromDays(64));
    }

    [Fact]
    public void What_was_planned_in_a_quiet_time_is_too_wide_for_a_busy_one()
    {
        _width.Adapt(TimeSpan.FromDays(1), events: 8000);

        _width.IsTooWide(TimeSpan.FromDays(1)).Should().BeTrue();
        _width.IsTooWide(TimeSpan.FromHours(3)).Should().BeFalse();
    }

    TimeSpan Width() => _width.EndOf(From, From.AddYears(1)) - From;
}
