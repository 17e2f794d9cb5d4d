namespace OpCollector.Timing;

/// <summary>
/// How long to wait before trying again: full jitter, so that many collectors that failed together do not come back together.
/// </summary>
internal static class Backoff
{
    static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    /// <param name="attempt">How many attempts failed before, from 0.</param>
    /// <param name="random">A number from 0 up to 1.</param>
    /// <param name="atLeast">What the other side asked for (<c>Retry-After</c>).</param>
    /// <param name="atMost">The time that is left: a wait ends with it, so that nothing behind this one has to wait longer.</param>
    public static TimeSpan Delay(int attempt, double random, TimeSpan? atLeast = null, TimeSpan? atMost = null)
    {
        var ceiling = Math.Min(First.TotalSeconds * Math.Pow(2, attempt), Longest.TotalSeconds);
        var delay = TimeSpan.FromSeconds(ceiling * random);
        var wanted = atLeast > delay ? atLeast.Value : delay;
        return atMost < wanted ? (atMost.Value > TimeSpan.Zero ? atMost.Value : TimeSpan.Zero) : wanted;
    }
}
