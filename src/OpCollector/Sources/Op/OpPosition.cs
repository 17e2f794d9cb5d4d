using System.Collections.Immutable;
using System.Globalization;
using OpCollector.Events;

namespace OpCollector.Sources.Op;

/// <summary>
/// How far op's log is delivered. Ids are given out before they are committed, so a lower one can appear after a higher one was read:
/// therefore the last ids are kept one by one, and the next run asks from the oldest of them.
/// </summary>
/// <param name="LastEventId">The highest id delivered, or the position the first run began after; 0 when the log was empty.</param>
/// <param name="Recent">The ids delivered lately, ascending.</param>
/// <param name="RecentMalformed">
/// The ids of what went to the quarantine lately, oldest first, so that reading it again does not count.
/// </param>
/// <param name="Backfill">What a backfill was asked for; null for a log that is followed.</param>
internal sealed record OpPosition(
    string Source,
    long LastEventId,
    DateTimeOffset? LastEventTime,
    ImmutableArray<KnownEvent> Recent,
    ImmutableArray<string> RecentMalformed,
    OpBackfill? Backfill = null) : Position(Source)
{
    public const int FewestKept = 50;
    public const int MostKept = 1000;
    public static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(10);

    public static OpPosition At(string source, long eid, DateTimeOffset? time = null, IEnumerable<KnownEvent>? known = null) =>
        new(source, eid, time, [.. (known ?? []).OrderBy(each => each.Eid)], []);

    public override DateTimeOffset? LastEventTime { get; init; } = LastEventTime;

    /// <summary>The id to ask from: the oldest one kept, or the bare position where none is.</summary>
    public long AskFrom => Recent.IsEmpty ? LastEventId : Recent[0].Eid;

    public override bool IsBackfill => Backfill is not null;

    public override string Text => LastEventId == 0
        ? "the beginning of the log"
        : $"event {LastEventId}{(LastEventTime is { } time ? $" ({time.ToUniversalTime():u})" : "")}";

    public override string? End => Backfill is null ? null : $"event {Backfill.To}";

    public override IReadOnlyList<(string What, string Text)> Details => [("kept ids", $"{Recent.Length}, asked again from {AskFrom}")];

    public override (string? Id, DateTimeOffset Time)? LastEvent(DateTimeOffset now) =>
        (LastEventTime.UnlessToCome(now) ?? LastDelivery(now)) is { } time
            ? (LastEventId.ToString(CultureInfo.InvariantCulture), time)
            : null;

    public override (double At, double End)? Progress(DateTimeOffset now) =>
        Backfill is not null ? (LastEventId, Backfill.To)
        : LastEventTime is { } time ? (time.ToUnixTimeMilliseconds(), now.ToUnixTimeMilliseconds())
        : null;

    /// <summary>The position once all of that is delivered or in the quarantine.</summary>
    public OpPosition After(NewEvents found, DateTimeOffset now)
    {
        var newest = found.Events.MaxBy(each => each.Eid);
        var isAhead = newest is not null && newest.Eid > LastEventId;
        return this with
        {
            LastEventId = isAhead ? newest!.Eid : LastEventId,
            LastEventTime = isAhead ? newest!.Time.UnlessToCome(now) ?? now : LastEventTime,
            Recent = Keep(WithRecent([.. found.Events.Select(each => new KnownEvent(each.Eid, each.Time, now))]), now),
            RecentMalformed = [.. RecentMalformed.Concat(found.Malformed.Select(each => each.Id)).Distinct().TakeLast(MostKept)],
        };
    }

    /// <summary>What was delivered long ago needs not be read again.</summary>
    public override OpPosition Pruned(DateTimeOffset now) =>
        Keep(Recent, now) is var kept && kept.SequenceEqual(Recent) ? this : this with { Recent = kept };

    // What an older version has left may have no time, or one that is still to come.
    DateTimeOffset? LastDelivery(DateTimeOffset now) => Recent.Select(each => (DateTimeOffset?)each.Delivered).Max().UnlessToCome(now);

    // A page is nearly always newer than all that is kept, and then nothing has to be sorted.
    ImmutableArray<KnownEvent> WithRecent(ImmutableArray<KnownEvent> found) =>
        Recent.IsEmpty || found.IsEmpty || found[0].Eid > Recent[^1].Eid
            ? Recent.AddRange(found)
            : [.. Recent.Concat(found).OrderBy(each => each.Eid)];

    // Ids are removed from the low end only: a gap in the middle would be delivered again.
    static ImmutableArray<KnownEvent> Keep(ImmutableArray<KnownEvent> known, DateTimeOffset now)
    {
        // What a clock that was ahead has delivered is as old as now, or it would be kept until then.
        var all = known.Any(each => each.Delivered > now)
            ? [.. known.Select(each => each.Delivered > now ? each with { Delivered = now } : each)]
            : known;
        var old = all.TakeWhile(each => now - each.Delivered > KeptFor).Count();
        return all[Math.Max(0, Math.Max(Math.Min(old, all.Length - FewestKept), all.Length - MostKept))..];
    }
}

/// <summary>An event that was read not long ago, kept to recognise it when it is read again.</summary>
/// <param name="Delivered">When it was read, to be delivered at once.</param>
internal readonly record struct KnownEvent(long Eid, DateTimeOffset? Time, DateTimeOffset Delivered);

/// <summary>The part of op's log that a backfill delivers; all of it is fixed at its first start.</summary>
/// <param name="From">What is newer than this event.</param>
/// <param name="To">Up to and with this event.</param>
/// <param name="Since">From this time on; an event that does not tell its time is always wanted.</param>
/// <param name="Until">Up to and with this time.</param>
internal sealed record OpBackfill(long From, long To, DateTimeOffset? Since = null, DateTimeOffset? Until = null)
{
    public bool Wants(ActivityEvent each) => each.Eid <= To && !(each.Time < Since) && !(each.Time > Until);
}
