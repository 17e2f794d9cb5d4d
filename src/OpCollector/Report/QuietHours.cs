namespace OpCollector.Report;

/// <summary>The longest stretches of time in which nothing happened, to the hour: nobody was there, or events are missing.</summary>
internal sealed class QuietHours
{
    // Twenty years of them.
    const int Most = 175_000;

    readonly Dictionary<int, BusyHour> _busy = [];

    public void Add(ShownEvent each, DateTimeOffset time)
    {
        var hour = (int)(time.UtcTicks / TimeSpan.TicksPerHour);
        if (_busy.TryGetValue(hour, out var known))
        {
            _busy[hour] = known.With(each);
        }
        else if (_busy.Count < Most)
        {
            _busy[hour] = new BusyHour(each.Stream, each.Ticks, each.Id, each.Stream, each.Ticks, each.Id);
        }
    }

    /// <summary>The longest first: when it began, how long it was, and the events before and after it.</summary>
    public IReadOnlyList<(DateTimeOffset From, TimeSpan Length, NewestEvents Around)> Longest(int most)
    {
        int[] busy = [.. _busy.Keys.Order()];
        return
        [
            .. busy.Zip(busy.Skip(1))
                .Where(each => each.Second - each.First > 1)
                .OrderByDescending(each => each.Second - each.First)
                .ThenBy(each => each.First)
                .Take(most)
                .Select(each => (
                    Moment(each.First + 1), TimeSpan.FromHours(each.Second - each.First - 1), Around(each.First, each.Second))),
        ];
    }

    NewestEvents Around(int before, int after)
    {
        var events = new NewestEvents();
        events.Add(_busy[before].Last);
        events.Add(_busy[after].First);
        return events;
    }

    static DateTimeOffset Moment(int hour) => new(hour * TimeSpan.TicksPerHour, TimeSpan.Zero);

    /// <summary>The first and the last event of an hour.</summary>
    readonly record struct BusyHour(
        string FirstStream, long FirstTicks, string FirstId, string LastStream, long LastTicks, string LastId)
    {
        public ShownEvent First => new(Time(FirstTicks), FirstStream, FirstId, "The first event after it");

        public ShownEvent Last => new(Time(LastTicks), LastStream, LastId, "The last event before it");

        public BusyHour With(ShownEvent each) => each.Ticks >= LastTicks
            ? this with { LastStream = each.Stream, LastTicks = each.Ticks, LastId = each.Id }
            : each.Ticks < FirstTicks ? this with { FirstStream = each.Stream, FirstTicks = each.Ticks, FirstId = each.Id }
            : this;

        static DateTimeOffset Time(long ticks) => new(ticks, TimeSpan.Zero);
    }
}
