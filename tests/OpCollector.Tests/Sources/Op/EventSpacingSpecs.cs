using System.Text;
using OpCollector.Sources.Op;

namespace OpCollector.Tests;

/// <summary>How far the ids of events are apart, so that a range holds as many events as are wanted.</summary>
public sealed class EventSpacingSpecs
{
    [Theory]
    [InlineData(10, 1000, 100, 10)]
    [InlineData(10, 2000, 100, 20)]
    [InlineData(10, 1000, 200, 5)]
    [InlineData(10, 1_000_000, 1, 80)]
    [InlineData(10, 100, 100, 2.5)]
    [InlineData(1, 100, 300, 1)]
    public void What_comes_next_is_expected_to_be_like_what_was_found(double before, long width, int events, double next)
    {
        new EventSpacing(before).NextTo(width, events).Ids.Should().Be(next);
    }

    [Fact]
    public void Over_a_gap_of_any_size_the_width_grows_fast_and_to_no_end_that_would_overflow()
    {
        var spacing = new EventSpacing(1);
        for (var range = 0; range < 100; range++)
        {
            spacing = spacing.NextTo(1000, events: 0);
        }

        spacing.Width(pages: 8).Should().BeGreaterThan(1L << 55);
        (spacing.Width(pages: 8) + spacing.Width(pages: 8)).Should().BePositive();
    }

    [Theory]
    [InlineData(100, 7, 7)]
    [InlineData(1, 7, 1)]
    [InlineData(0, 7, 1)]
    public void The_first_guess_is_made_from_the_newest_page(int events, int step, double ids)
    {
        var page =
            OpPage.Parse(Encoding.UTF8.GetBytes($"[{string.Join(',', Enumerable.Range(1, events).Select(i => Account.Event(i * step)))}]"));

        EventSpacing.Measure(page).Ids.Should().Be(ids);
    }
}
