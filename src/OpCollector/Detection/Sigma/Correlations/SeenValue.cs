namespace OpCollector.Detection.Sigma.Correlations;

/// <summary>When a value was seen first and last, in minutes since the year 2000.</summary>
internal readonly record struct SeenValue(int First, int Last)
{
    public static readonly DateTimeOffset Epoch = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public DateTimeOffset LastTime => Epoch.Plus(TimeSpan.FromMinutes(Last));
}
