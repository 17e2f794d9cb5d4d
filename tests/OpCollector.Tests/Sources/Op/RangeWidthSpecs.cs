using System.Text;
using OpCollector.Sources.Op;

namespace OpCollector.Tests;

/// <summary>How many ids a range spans, so that about 80 events lie in it.</summary>
public sealed class RangeWidthSpecs
{
    [Theory]
    [InlineData(1000, 80, 1000)]
    [InlineData(1000, 40, 2000)]
    [InlineData(1000, 160, 500)]
    [InlineData(1000, 1, 4000)]
    [InlineData(1000, 9000, 250)]
    [InlineData(1, 300, 1)]
    public void The_next_range_follows_what_the_last_one_held(long width, int events, long next)
    {
        RangeWidth.After(width, events).Should().Be(next);
    }

    [Fact]
    public void Over_a_gap_of_any_size_the_width_grows_fast_and_to_no_end_that_would_overflow()
    {
        var width = 80L;
        for (var range = 0; range < 100; range++)
        {
            width = RangeWidth.After(width, events: 0);
        }

        width.Should().BeGreaterThan(1L << 59);
        (width + width).Should().BePositive();
    }

    [Theory]
    [InlineData(1_000_000, 250_000)]
    [InlineData(3, 1)]
    [InlineData(2, 1)]
    [InlineData(1, 0)]
    public void A_range_that_was_too_wide_is_followed_by_narrower_ones(long width, long next)
    {
        RangeWidth.AfterTooWide(width).Should().Be(next);
    }

    [Theory]
    [InlineData(100, 7, 560)]
    [InlineData(1, 7, 80)]
    [InlineData(0, 7, 80)]
    public void The_first_guess_is_made_from_the_newest_page(int events, int step, long width)
    {
        var page =
            OpPage.Of(Encoding.UTF8.GetBytes($"[{string.Join(',', Enumerable.Range(1, events).Select(i => Account.Event(i * step)))}]"));

        RangeWidth.Of(page).Should().Be(width);
    }
}
