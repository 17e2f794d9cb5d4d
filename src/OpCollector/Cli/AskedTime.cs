using System.Globalization;

namespace OpCollector.Cli;

/// <summary>A moment that was asked for: itself, or so long ago.</summary>
/// <param name="Key">The same each time that the same is asked for, so that an interrupted backfill is found again.</param>
internal sealed record AskedTime(DateTimeOffset Time, string Key)
{
    public static AskedTime At(DateTimeOffset time) => new(time, time.ToString("O", CultureInfo.InvariantCulture));

    public static AskedTime Ago(TimeSpan ago, DateTimeOffset now) => new(now.Minus(ago), $"{ago} ago");
}
