using System.Collections.Immutable;
using System.Text.Json.Serialization;
using OpCollector.Events;

namespace OpCollector.Checkpoints;

/// <summary>How a checkpoint lies on the disk; the three lists of recent ids are the columns of one table.</summary>
internal sealed record CheckpointContent(
    int Format,
    string Source,
    long LastEventId,
    DateTimeOffset? LastEventTime,
    IReadOnlyList<long> RecentIds,
    IReadOnlyList<long> RecentTimes,
    IReadOnlyList<long> RecentDelivered,
    IReadOnlyList<string> RecentMalformed,
    string? SinkAccepted = null,
    BackfillContent? Backfill = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, StreamPosition>? Streams = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] SilenceTold? SilenceReported = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<KeptGroup>? Correlations = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<HeldBatch?>? Held = null)
{
    public const int CurrentFormat = 1;

    static readonly long FirstSecond = DateTimeOffset.MinValue.ToUnixTimeSeconds();
    static readonly long LastSecond = DateTimeOffset.MaxValue.ToUnixTimeSeconds();
    static readonly Dictionary<string, StreamPosition> Nowhere = [];

    public static CheckpointContent From(Checkpoint checkpoint, BackfillContent? backfill) => new(
        CurrentFormat,
        checkpoint.Source,
        checkpoint.LastEventId,
        checkpoint.LastEventTime,
        [.. checkpoint.Recent.Select(each => each.Eid)],
        [.. checkpoint.Recent.Select(each => each.Time?.ToUnixTimeSeconds() ?? 0)],
        [.. checkpoint.Recent.Select(each => each.Delivered.ToUnixTimeSeconds())],
        checkpoint.RecentMalformed,
        checkpoint.SinkAccepted,
        backfill,
        checkpoint.Streams.IsEmpty ? null : checkpoint.Streams,
        checkpoint.SilenceReported == SilenceTold.Nothing ? null : checkpoint.SilenceReported,
        checkpoint.Correlations.IsEmpty ? null : checkpoint.Correlations,
        checkpoint.Held.IsEmpty ? null : checkpoint.Held);

    /// <summary>Whether it holds what a run can leave behind. A checksum tells of a damaged disk, not of a hand or of another program.</summary>
    public bool IsSound => Source.Length > 0
        && LastEventId >= 0
        && RecentTimes.Count == RecentIds.Count
        && RecentDelivered.Count == RecentIds.Count
        && RecentIds.All(eid => eid >= 0)
        && RecentTimes.Concat(RecentDelivered).All(second => second >= FirstSecond && second <= LastSecond)
        && RecentMalformed.All(id => id is not null)
        && Backfill is not { From: < 0 } and not { To: < 0 }
        && (Streams ?? Nowhere).All(each => EventStream.All.Any(known => known.Name == each.Key) && each.Value is not null)
        && (Correlations ?? []).All(group => group is not null && group.Matches.All(match => match is { Member: >= 0 } && match.Ids.All(id => id is not null)));

    public Checkpoint ToCheckpoint() => new(
        Source,
        LastEventId,
        LastEventTime,
        [
            .. RecentIds.Select((eid, row) => new KnownEvent(
                eid,
                RecentTimes[row] == 0 ? null : DateTimeOffset.FromUnixTimeSeconds(RecentTimes[row]),
                DateTimeOffset.FromUnixTimeSeconds(RecentDelivered[row]))),
        ],
        [.. RecentMalformed],
        SinkAccepted)
    {
        Streams = Streams is null ? ImmutableSortedDictionary<string, StreamPosition>.Empty : Streams.ToImmutableSortedDictionary(StringComparer.Ordinal),
        SilenceReported = SilenceReported ?? SilenceTold.Nothing,
        Correlations = [.. Correlations ?? []],
        Held = [.. (Held ?? []).OfType<HeldBatch>()],
    };
}
