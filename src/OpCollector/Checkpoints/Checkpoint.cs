using System.Collections.Immutable;
using System.Globalization;
using OpCollector.Events;

namespace OpCollector.Checkpoints;

/// <summary>
/// What is delivered. Ids are given out before they are committed, so a lower one can appear after a higher one was read:
/// therefore the last ids are kept one by one, and the next run asks from the oldest of them.
/// </summary>
/// <param name="Source">Whose events these are; never made from a secret, a path or a URL.</param>
/// <param name="LastEventId">The highest id delivered, or the position the first run began after; 0 when the log was empty.</param>
/// <param name="Recent">The ids delivered lately, ascending.</param>
/// <param name="RecentMalformed">The ids of what went to the quarantine lately, oldest first, so that reading it again does not count.</param>
/// <param name="SinkAccepted">The fingerprint of the sink that last accepted something; null when none ever did.</param>
internal sealed record Checkpoint(
    string Source,
    long LastEventId,
    DateTimeOffset? LastEventTime,
    ImmutableArray<KnownEvent> Recent,
    ImmutableArray<string> RecentMalformed,
    string? SinkAccepted = null)
{
    public const int FewestKept = 50;
    public const int MostKept = 1000;
    public static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(10);

    /// <summary>The streams of the Events API, each with its own position; empty for op.</summary>
    public ImmutableSortedDictionary<string, StreamPosition> Streams { get; init; } = ImmutableSortedDictionary<string, StreamPosition>.Empty;

    /// <summary>What the rules remember of the events delivered so far.</summary>
    public ImmutableArray<KeptGroup> Correlations { get; init; } = [];

    /// <summary>The alarms for silence that are not over.</summary>
    public SilenceTold SilenceReported { get; init; } = SilenceTold.Nothing;

    /// <summary>The batches that the sink does not take for the moment, one of each stream at most.</summary>
    public ImmutableArray<HeldBatch> Held { get; init; } = [];

    public static Checkpoint At(string source, long eid, DateTimeOffset? time = null, IEnumerable<KnownEvent>? known = null) =>
        new(source, eid, time, [.. (known ?? []).OrderBy(each => each.Eid)], []);

    /// <summary>The id to ask from: the oldest one kept, or the bare position where none is.</summary>
    public long AskFrom => Recent.IsEmpty ? LastEventId : Recent[0].Eid;

    /// <summary>
    /// The newest event: its id, where the position is one, and its time, or the moment of its delivery where it says none that can be
    /// believed; null where none is known.
    /// </summary>
    public (string? Id, DateTimeOffset Time)? LastEvent(DateTimeOffset now) => (LastEventTime.UnlessToCome(now) ?? Delivered(now)) is { } time ? (Streams.IsEmpty ? LastEventId.ToString(CultureInfo.InvariantCulture) : null, time) : null;

    /// <summary>The position in words.</summary>
    public string Position => !Streams.IsEmpty ? string.Join(", ", Streams.Values.DistinctBy(each => each.Text).Count() == 1 ? [Streams.Values.First().Text] : Streams.Select(each => $"{each.Key} {each.Value.Text}"))
        : LastEventId == 0 ? "the beginning of the log" : $"event {LastEventId}{(LastEventTime is { } time ? $" ({time.ToUniversalTime():u})" : "")}";

    /// <summary>The checkpoint once all of <paramref name="page"/> is delivered or in the quarantine.</summary>
    public Checkpoint After(EventPage page, DateTimeOffset now)
    {
        if (page.Position is not null)
        {
            var streams = Streams.SetItem(page.Stream, page.Position);
            return this with
            {
                Source = page.Source ?? Source,
                Streams = streams,
                LastEventTime = streams.Values.Select(each => each.LastEventTime).Append(LastEventTime.UnlessToCome(now)).Append(Untimed(page, now)).Max(),
            };
        }

        var newest = page.Events.MaxBy(each => each.Eid);
        var isAhead = newest is not null && newest.Eid > LastEventId;
        var delivered = page.Events.Select(each => new KnownEvent(each.Eid, each.Time, now));
        return this with
        {
            LastEventId = isAhead ? newest!.Eid : LastEventId,
            LastEventTime = isAhead ? newest!.Time.UnlessToCome(now) ?? now : LastEventTime,
            Recent = Keep(Recent.Concat(delivered), now),
            RecentMalformed = [.. RecentMalformed.Concat(page.Malformed.Select(each => each.Id)).Distinct().TakeLast(MostKept)],
        };
    }

    /// <summary>The checkpoint of a run that found nothing new: what was delivered long ago needs not be read again.</summary>
    public Checkpoint Pruned(DateTimeOffset now) => this with { Recent = Keep(Recent, now) };

    /// <summary>Whether these items were held up for so long that one of them may be the reason.</summary>
    public bool IsStuck(string stream, IReadOnlyList<ActivityEvent> items, DateTimeOffset now) => Held.Any(each => IsOf(each, stream, items) && each.IsStuck(now));

    /// <summary>What is remembered of these items; null where they were not held up.</summary>
    public HeldBatch? HeldOf(string stream, IReadOnlyList<ActivityEvent> items) => Held.FirstOrDefault(each => IsOf(each, stream, items));

    /// <summary>The checkpoint once the sink has failed with these items until the run was over.</summary>
    public Checkpoint Holding(string stream, IReadOnlyList<ActivityEvent> items, DateTimeOffset now) =>
        Holding((HeldOf(stream, items) ?? new HeldBatch(stream, items[0].Id, 0, now)).Again(now));

    /// <summary>The checkpoint with what is remembered of a batch that is not delivered.</summary>
    public Checkpoint Holding(HeldBatch held) => this with { Held = [.. Held.Where(each => each.Stream != held.Stream), held] };

    /// <summary>The checkpoint once they are delivered.</summary>
    public Checkpoint Releasing(string stream, IReadOnlyList<ActivityEvent> items) =>
        Held.IsEmpty ? this : this with { Held = [.. Held.Where(each => !IsOf(each, stream, items))] };

    static bool IsOf(HeldBatch held, string stream, IReadOnlyList<ActivityEvent> items) => held.Stream == stream && items.Any(item => item.Id == held.First);

    // What an older version has left may have no time, or one that is still to come.
    DateTimeOffset? Delivered(DateTimeOffset now) =>
        Recent.Select(each => (DateTimeOffset?)each.Delivered).Max().UnlessToCome(now);

    // An event that does not say when it happened is as new as its delivery.
    static DateTimeOffset? Untimed(EventPage page, DateTimeOffset now) => page.Events.Any(each => each.Time is null) ? now : null;

    // Only from the lower end, so that every id above the oldest one kept is known: a gap would be delivered again.
    static ImmutableArray<KnownEvent> Keep(IEnumerable<KnownEvent> known, DateTimeOffset now)
    {
        // What a clock that was ahead has delivered is as old as now, or it would be kept until then.
        var all = known.Select(each => each.Delivered > now ? each with { Delivered = now } : each).OrderBy(each => each.Eid).ToArray();
        var old = all.TakeWhile(each => now - each.Delivered > KeptFor).Count();
        return [.. all.Skip(Math.Max(Math.Min(old, all.Length - FewestKept), all.Length - MostKept))];
    }
}
