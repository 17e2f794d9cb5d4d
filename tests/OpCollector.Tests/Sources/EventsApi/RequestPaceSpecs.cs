using OpCollector.Sources.EventsApi;

namespace OpCollector.Tests;

/// <summary>600 requests a minute and 30,000 an hour are allowed; whatever is booked, and when, stays below.</summary>
public sealed class RequestPaceSpecs
{
    static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void What_is_within_the_limits_does_not_wait()
    {
        var pace = new RequestPace();

        Enumerable.Range(0, RequestPace.PerMinute).Select(_ => pace.Book(Noon)).Should().OnlyContain(wait => wait == TimeSpan.Zero);
    }

    [Fact]
    public void One_more_waits_until_the_first_is_a_minute_old()
    {
        var pace = new RequestPace();
        for (var i = 0; i < RequestPace.PerMinute; i++)
        {
            pace.Book(Noon.AddMilliseconds(i));
        }

        pace.Book(Noon.AddSeconds(10)).Should().Be(TimeSpan.FromSeconds(50));
        pace.Book(Noon.AddSeconds(10)).Should().Be(TimeSpan.FromSeconds(50) + TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public void Five_hours_of_eager_requests_exceed_no_window()
    {
        var pace = new RequestPace();
        var now = Noon;
        var sent = new List<DateTimeOffset>();
        while (now < Noon.AddHours(5))
        {
            now += pace.Book(now);
            sent.Add(now);
        }

        Busiest(sent, TimeSpan.FromMinutes(1)).Should().BeLessThanOrEqualTo(RequestPace.PerMinute).And.BeLessThan(600);
        Busiest(sent, TimeSpan.FromHours(1)).Should().BeLessThanOrEqualTo(RequestPace.PerHour).And.BeLessThan(30_000);
        sent.Count.Should().BeGreaterThan(4 * RequestPace.PerHour);
    }

    [Fact]
    public void When_the_server_wants_to_be_left_alone_all_wait()
    {
        var pace = new RequestPace();
        pace.Hold(Noon.AddSeconds(30));
        pace.Hold(Noon.AddSeconds(20));

        pace.Book(Noon).Should().Be(TimeSpan.FromSeconds(30));
        pace.Book(Noon.AddSeconds(31)).Should().Be(TimeSpan.Zero);
    }

    static int Busiest(List<DateTimeOffset> sent, TimeSpan window)
    {
        var (busiest, first) = (0, 0);
        for (var last = 0; last < sent.Count; last++)
        {
            while (sent[last] - sent[first] >= window)
            {
                first++;
            }

            busiest = Math.Max(busiest, last - first + 1);
        }

        return busiest;
    }
}
