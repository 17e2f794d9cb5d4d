namespace OpCollector.Tests;

/// <summary>What a page holds has a bound, whatever the log holds: each of these pages is made of very many events.</summary>
[Slow]
public sealed class ReportSizeSpecs
{
    [Fact]
    public void Of_very_many_people_the_hours_lead_to_their_events_too_and_the_page_stays_small()
    {
        var report = new ReportOf().With(
            Enumerable.Range(0, 10_000).Select(at => ReportOf.Found(at, $"{at * 7 % 100} {new string('"', 100)}")));

        var page = report.Text;
        page.Length.Should().BeLessThan(5_000_000);
        ReportPageSpecs.NumbersWithoutLink(page).Should().BeEmpty();
    }

    // Twelve people who are always there, and nothing but letters that have to be escaped.
    [Fact]
    public void A_page_of_busy_hours_is_below_5_MB()
    {
        var report = new ReportOf();
        for (var at = 0; at < 168 * 12; at++)
        {
            report.With(ReportOf.Found(at / 12 * 60, $"{at % 12} {new string('"', 400)}"));
        }

        report.File.Length.Should().BeLessThan(5_000_000);
    }

    // The worst that a log can hold: each name is another one, and each letter of it has to be escaped.
    [Fact]
    public void A_page_of_hostile_names_alone_is_below_5_MB()
    {
        var report = new ReportOf();
        for (var at = 0; at < 1_000; at++)
        {
            var name = $"{at} {new string('"', 300)}";
            report.With(ReportOf.Found(at * 30, name), ReportOf.SignIn(at * 30, name, $"{name}_failed"));
        }

        report.File.Length.Should().BeLessThan(5_000_000);
    }
}
