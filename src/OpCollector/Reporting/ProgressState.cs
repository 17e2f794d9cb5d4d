using System.Globalization;
using OpCollector.Sources;

namespace OpCollector.Reporting;

/// <summary>How far a run has come: counts, and what follows from the pace so far. Pure.</summary>
/// <param name="Part">How much of the way is behind it, from 0 to 1; null while that cannot be told.</param>
/// <param name="Left">How long the rest takes at the same pace.</param>
internal sealed record ProgressState(int Events, double PerSecond, DateTimeOffset? Reached, double? Part, TimeSpan? Left)
{
    /// <summary>The state in words.</summary>
    public string Text => string.Join(", ", Words());

    /// <param name="first">The first position that was delivered in this run; what lay before it says nothing of the pace.</param>
    public static ProgressState Estimate(
        int events, Position first, int eventsThen, Position position, TimeSpan elapsed, DateTimeOffset now)
    {
        var part = first.Progress(now)?.At is { } began && position.Progress(now) is var (at, end) ? Share(at - began, end - began) : null;
        return new ProgressState(
            events,
            elapsed > TimeSpan.Zero ? (events - eventsThen) / elapsed.TotalSeconds : 0,
            position.LastEventTime,
            part,
            part > 0
            && SaturatingTime.Seconds(elapsed.TotalSeconds * ((1 - part.Value) / part.Value)) is var left
            && left < TimeSpan.FromDays(100)
                ? left
                : null);
    }

    static double? Share(double way, double all) => all > 0 ? Math.Clamp(way / all, 0, 1) : null;

    IEnumerable<string> Words()
    {
        yield return string.Create(CultureInfo.InvariantCulture, $"{Events:N0} events");
        yield return string.Create(CultureInfo.InvariantCulture, $"{PerSecond:N0}/s");
        if (Reached is { } reached)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"at {reached.UtcDateTime:yyyy-MM-dd HH:mm}");
        }

        if (Left is { } left)
        {
            yield return left.TotalHours >= 1 ? $"{(int)left.TotalHours} h {left.Minutes} min left"
                : left.TotalMinutes >= 1 ? $"{(int)left.TotalMinutes} min left"
                : $"{(int)left.TotalSeconds} s left";
        }
    }
}
