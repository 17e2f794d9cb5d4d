using OpCollector.Events;

namespace OpCollector.Sources.EventsApi;

/// <summary>A stream that is collected, and how late its events may come.</summary>
/// <param name="Overlap">How far back it is read again.</param>
/// <param name="OverlapEvery">How often.</param>
internal sealed record StreamSettings(EventStream Stream, TimeSpan Overlap, TimeSpan OverlapEvery)
{
    static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>
    /// What suits a stream: clients send item usages only when they sync, up to a day late and more
    /// (https://www.1password.dev/events-api/item-usage-actions).
    /// </summary>
    public static StreamSettings Usual(EventStream stream) =>
        stream == EventStream.ItemUsage ? new(stream, 48 * Hour, 6 * Hour) : new(stream, Hour, Hour);
}
