using System.Collections.Immutable;
using System.Text.Json.Serialization;
using OpCollector.Events;

namespace OpCollector.Sources.EventsApi;

/// <summary>
/// How far a stream of the Events API is delivered. The cursor is the truth; the times are for what a cursor cannot do: begin,
/// begin again when it is refused, and look back for events that came late. Pure values.
/// </summary>
/// <param name="From">Where the very first run began; what is older is not wanted.</param>
/// <param name="LookedBackAt">Up to when late events have been looked for.</param>
/// <param name="Cursor">Where the API goes on; null where it is asked by time, from <see cref="AskFrom"/>.</param>
/// <param name="Since">Where it began again after a cursor was refused; null where none was.</param>
/// <param name="Until">Where a backfill ends, that moment included; null for a stream that is followed.</param>
/// <param name="LastEventTime">The time of the newest event delivered; never later than the clock.</param>
/// <param name="LookBack">The look back that is under way.</param>
/// <param name="Seen">
/// How many ids of each day are remembered with it; null where an earlier version wrote it, and in a backfill.
/// </param>
/// <param name="Stretch">Where the stretch of time ends that is being read; null where a stream is read to its end in one piece.</param>
internal sealed record StreamPosition(
    DateTimeOffset From,
    [property: JsonPropertyName("rereadAt")] DateTimeOffset LookedBackAt,
    string? Cursor = null,
    DateTimeOffset? Since = null,
    DateTimeOffset? Until = null,
    DateTimeOffset? LastEventTime = null,
    [property: JsonPropertyName("reread")] LookBack? LookBack = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? Stretch = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ImmutableSortedDictionary<DateOnly, int>? Seen = null)
{
    /// <summary>Whether it has an end that was fixed when it began; if not, the stream is followed.</summary>
    [JsonIgnore]
    public bool IsBackfill => Until is not null;

    /// <summary>Whether no count is below zero, as a hand may have written it.</summary>
    [JsonIgnore]
    public bool CountsAreSound => Seen is null || Seen.Values.All(count => count >= 0);

    public DateTimeOffset AskFrom => Since ?? From;

    /// <summary>Up to when is asked; null for all there is.</summary>
    [JsonIgnore]
    public DateTimeOffset? AskUntil => Stretch ?? Until;

    /// <summary>The position in words.</summary>
    public string Text => $"{LastEventTime ?? AskFrom:u}";

    /// <summary>Moves the start of a backfill to the oldest time that 1Password has, so that no empty stretches are planned.</summary>
    public StreamPosition NotBefore(DateTimeOffset oldest) =>
        IsBackfill && Cursor is null && AskFrom < oldest ? this with { Since = oldest } : this;

    /// <summary>The position once a page of the stream itself is delivered.</summary>
    public StreamPosition After(IReadOnlyList<ActivityEvent> events, string cursor, DateTimeOffset now) =>
        this with { Cursor = cursor, LastEventTime = Newest(events, now) };

    /// <summary>The position that begins again in time, because the cursor is of no use any more.</summary>
    public StreamPosition Restarted(TimeSpan overlap) =>
        this with { Cursor = null, Stretch = null, Since = Later((LastEventTime ?? AskFrom).Minus(overlap), From) };

    /// <summary>
    /// The position at the end of a stretch, where the next one begins; or at the end of the stream: where it began again is behind it,
    /// and is not read any more.
    /// </summary>
    public StreamPosition AtEnd() => Stretch is null
        ? this with { Since = null }
        : this with { Cursor = null, Since = Stretch, Stretch = null };

    /// <summary>Whether it is time to look back. A clock that was ahead once must not put it off until then.</summary>
    public bool IsLookBackDue(TimeSpan every, DateTimeOffset now) => now - LookedBackAt >= every || LookedBackAt > now;

    /// <summary>
    /// The position with a look back begun. An event that came since the last one, and not later than <paramref name="overlap"/>,
    /// happened no earlier than the last one less the overlap.
    /// </summary>
    public StreamPosition LookingBack(TimeSpan overlap, DateTimeOffset now) =>
        this with { LookBack = new LookBack(Later(Earlier(LookedBackAt, now).Minus(overlap), From), now) };

    /// <summary>The position once a page of the look back is delivered.</summary>
    public StreamPosition AfterLookBack(IReadOnlyList<ActivityEvent> events, string cursor, bool hasMore, DateTimeOffset now) => this with
    {
        LastEventTime = Newest(events, now),
        LookedBackAt = hasMore ? LookedBackAt : LookBack!.Until,
        LookBack = hasMore ? LookBack! with { Cursor = cursor } : null,
    };

    /// <summary>The oldest time that may be asked for again, so that the ids from there on must be known.</summary>
    public DateTimeOffset OldestAsked(TimeSpan overlap) =>
        Earlier(Earlier(LookedBackAt, LastEventTime ?? AskFrom), Since ?? LookedBackAt).Minus(overlap);

    // A clock that is wrong somewhere must not carry us into the future, where a restart would miss what is between.
    DateTimeOffset? Newest(IReadOnlyList<ActivityEvent> events, DateTimeOffset now) =>
        events.Max(each => each.Time) is { } newest && newest > (LastEventTime ?? DateTimeOffset.MinValue)
            ? Earlier(newest, now)
            : LastEventTime;

    static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;
}

/// <summary>A stretch of a stream that is being read a second time for events that came late; a run may end in the middle of it.</summary>
/// <param name="Cursor">Where it goes on; null where it begins.</param>
internal sealed record LookBack(DateTimeOffset Since, DateTimeOffset Until, string? Cursor = null);
