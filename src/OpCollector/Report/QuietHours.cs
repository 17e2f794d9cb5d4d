namespace OpCollector.Report;

/// <summary>The longest stretches of time in which nothing happened, to the hour: nobody was there, or events are missing.</summary>
internal sealed class QuietHours
{
    const int Most = 200_000;

    readonly HashSet<int> _busy = [];

    public void Add(DateTimeOffset time)
    {
        if (_busy.Count < Most)
        {
            _busy.Add((int)(time.UtcTicks / TimeSpan.TicksPerHour));
        }
    }

    /// <summary>The longest first: when it began, and how long it was.</summary>
    public IReadOnlyList<(DateTimeOffset From, TimeSpan Length)> Longest(int most)
    {
        int[] busy = [.. _busy.Order()];
        return
        [
            .. busy.Zip(busy.Skip(1))
                .Where(each => each.Second - each.First > 1)
                .Select(each => (Moment(each.First + 1), TimeSpan.FromHours(each.Second - each.First - 1)))
                .OrderByDescending(each => each.Item2)
                .ThenBy(each => each.Item1)
                .Take(most),
        ];
    }

    static DateTimeOffset Moment(int hour) => new(hour * TimeSpan.TicksPerHour, TimeSpan.Zero);
}
