namespace OpCollector.Sources.EventsApi;

/// <summary>
/// Keeps the requests of a run below what 1Password allows: 600 a minute and 30,000 an hour
/// (https://www.1password.dev/events-api/rate-limits). Arithmetic only: it takes the time, and returns how long to wait.
/// </summary>
internal sealed class RequestPace
{
    // A twentieth is left for whatever else uses the token.
    public const int PerMinute = 570;
    public const int PerHour = 28_500;

    readonly Lock _booking = new();
    readonly long[] _sent = new long[PerHour];
    long _count;
    long _earliest;

    /// <summary>Books the next request.</summary>
    /// <returns>How long it has to wait.</returns>
    public TimeSpan Book(DateTimeOffset now)
    {
        lock (_booking)
        {
            var at = Math.Max(
                Math.Max(now.UtcTicks, _earliest),
                Math.Max(Free(PerMinute, TimeSpan.TicksPerMinute), Free(PerHour, TimeSpan.TicksPerHour)));
            _sent[_count++ % PerHour] = at;
            return TimeSpan.FromTicks(at - now.UtcTicks);
        }
    }

    /// <summary>The server wants to be left alone until then.</summary>
    public void Hold(DateTimeOffset until)
    {
        lock (_booking)
        {
            _earliest = Math.Max(_earliest, until.UtcTicks);
        }
    }

    // When the request that is so many before the next one leaves the window.
    long Free(int most, long window) => _count < most ? 0 : _sent[(_count - most) % PerHour] + window;
}
