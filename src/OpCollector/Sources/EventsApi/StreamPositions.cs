using System.Collections.Immutable;

namespace OpCollector.Sources.EventsApi;

/// <summary>How far each stream of the Events API is delivered.</summary>
/// <param name="LastEventTime">When the newest event of all of them happened; never later than the clock.</param>
internal sealed record StreamPositions(
    string Source,
    ImmutableSortedDictionary<string, StreamPosition> Streams,
    DateTimeOffset? LastEventTime = null) : Position(Source)
{
    /// <summary>Whose events these are, before the API has said which account's.</summary>
    public const string AnyAccount = "events:";

    /// <summary>Whether a source is the Events API, of whichever account.</summary>
    public static bool IsSource(string source) => source.StartsWith(AnyAccount, StringComparison.Ordinal);

    public override DateTimeOffset? LastEventTime { get; init; } = LastEventTime;

    public override string SourceText => Source == AnyAccount ? "events (account unknown)" : Source;

    public override bool IsBackfill => Streams.Values.Any(each => each.IsBackfill);

    public override string Text => string.Join(", ", Streams.Values.DistinctBy(each => each.Text).Count() == 1
        ? [Streams.Values.First().Text]
        : Streams.Select(each => $"{each.Key} {each.Value.Text}"));

    public override IReadOnlyList<(string Stream, DateTimeOffset? LastEventTime)> LastEventTimes =>
        [.. Streams.Select(each => (each.Key, each.Value.LastEventTime))];

    public override IReadOnlyList<(string What, string Text)> Details =>
        [.. Streams.Select(
            each => (each.Key, $"delivered up to {each.Value.Text}, looked for late events up to {each.Value.LookedBackAt:u}"))];

    public static StreamPositions Create(string source, IEnumerable<(string Stream, StreamPosition Position)> streams) =>
        new(source, streams.ToImmutableSortedDictionary(each => each.Stream, each => each.Position, StringComparer.Ordinal));

    public override (string? Id, DateTimeOffset Time)? LastEvent(DateTimeOffset now) =>
        LastEventTime.UnlessToCome(now) is { } time ? (null, time) : null;

    public override (double At, double End)? Progress(DateTimeOffset now) => LastEventTime is { } time
        ? (time.ToUnixTimeMilliseconds(), (Streams.Values.Max(each => each.Until) ?? now).ToUnixTimeMilliseconds())
        : null;

    public override TimeSpan Backlog(DateTimeOffset now) => Streams.Count < 2
        ? TimeSpan.Zero
        : Streams.Values.Max(each => (each.Until ?? now) - (each.LastEventTime ?? each.AskFrom));

    /// <summary>The positions once these events of a stream are delivered.</summary>
    /// <param name="hasUntimed">Whether one of them does not say when it happened: it is as new as its delivery.</param>
    public StreamPositions After(string stream, StreamPosition position, bool hasUntimed, DateTimeOffset now)
    {
        var streams = Streams.SetItem(stream, position);
        DateTimeOffset?[] others = [LastEventTime.UnlessToCome(now), hasUntimed ? now : null];
        return this with { Streams = streams, LastEventTime = streams.Values.Select(each => each.LastEventTime).Concat(others).Max() };
    }
}
