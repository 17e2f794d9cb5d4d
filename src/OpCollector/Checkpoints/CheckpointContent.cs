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
