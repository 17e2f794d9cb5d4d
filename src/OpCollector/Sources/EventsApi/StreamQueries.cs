namespace OpCollector.Sources.EventsApi;

/// <summary>Makes the questions to one stream of the Events API.</summary>
/// <param name="limit">The most events of a page; a cursor keeps the one that it was made with.</param>
internal sealed class StreamQueries(int limit, TimeProvider time)
{
    /// <summary>
    /// How much more than a period is asked for: it is not documented whether the API counts its ends in. What is too much is dropped.
    /// </summary>
    public static readonly TimeSpan Margin = TimeSpan.FromSeconds(1);

    /// <summary>The most events of a page.</summary>
    public int Limit { get; private set; } = limit;

    /// <summary>The oldest time of which 1Password still has events.</summary>
    public DateTimeOffset Oldest => time.GetUtcNow().Minus(EventsApiSettings.Reach);

    /// <summary>Asks at a cursor, or for what is between two times.</summary>
    public EventsApiQuery Create(string? cursor, DateTimeOffset since, DateTimeOffset? until)
    {
        var (from, oldest) = (since.Minus(Margin), Oldest);
        return new EventsApiQuery(cursor, from > oldest ? from : oldest, until?.Plus(Margin), Limit);
    }

    /// <summary>From now on asks for half as many events.</summary>
    /// <returns>Whether that is possible.</returns>
    public bool TryHalveLimit()
    {
        var isPossible = Limit > 1;
        Limit = isPossible ? Limit / 2 : Limit;
        return isPossible;
    }
}
