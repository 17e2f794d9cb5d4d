namespace OpCollector.Tests;

/// <summary>Times at the ends of the calendar, and moments that are still to come.</summary>
public sealed class SaturatingTimeSpecs
{
    static readonly DateTimeOffset Now = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_sum_beyond_the_ends_of_the_calendar_is_its_end()
    {
        DateTimeOffset.MaxValue.Plus(TimeSpan.FromTicks(1)).Should().Be(DateTimeOffset.MaxValue);
        DateTimeOffset.MinValue.Minus(TimeSpan.FromDays(1)).Should().Be(DateTimeOffset.MinValue);
        Now.Plus(TimeSpan.MaxValue).Should().Be(DateTimeOffset.MaxValue);
        Now.Plus(TimeSpan.MinValue).Should().Be(DateTimeOffset.MinValue);
        Now.Minus(TimeSpan.MinValue).Should().Be(DateTimeOffset.MaxValue);
    }

    [Fact]
    public void An_offset_does_not_lead_over_the_end()
    {
        new DateTimeOffset(9999, 12, 31, 23, 59, 59, TimeSpan.FromHours(14)).Plus(TimeSpan.FromDays(1))
            .Should().Be(DateTimeOffset.MaxValue);
        new DateTimeOffset(1, 1, 1, 14, 0, 0, TimeSpan.FromHours(14)).Minus(TimeSpan.FromDays(1)).Should().Be(DateTimeOffset.MinValue);
    }

    [Fact]
    public void Between_the_ends_it_is_what_everybody_expects()
    {
        Now.Plus(TimeSpan.FromHours(1)).Should().Be(Now + TimeSpan.FromHours(1));
        Now.Minus(TimeSpan.FromHours(1)).Should().Be(Now - TimeSpan.FromHours(1));
    }

    [Fact]
    public void A_moment_that_is_still_to_come_counts_as_never()
    {
        ((DateTimeOffset?)Now.AddYears(1)).UnlessToCome(Now).Should().BeNull();
        ((DateTimeOffset?)Now).UnlessToCome(Now).Should().Be(Now);
        ((DateTimeOffset?)null).UnlessToCome(Now).Should().BeNull();
        Now.AddYears(1).Ago(Now).Should().Be(TimeSpan.Zero);
        Now.AddYears(-1).Ago(Now).Should().Be(TimeSpan.FromDays(365));
    }

    [Fact]
    public void So_many_seconds_are_at_most_what_a_span_holds()
    {
        SaturatingTime.Seconds(1e300).Should().Be(TimeSpan.MaxValue);
        SaturatingTime.Seconds(double.NegativeInfinity).Should().Be(TimeSpan.MinValue);
        SaturatingTime.Seconds(double.NaN).Should().Be(TimeSpan.Zero);
        SaturatingTime.Seconds(1.5).Should().Be(TimeSpan.FromSeconds(1.5));
    }
}
