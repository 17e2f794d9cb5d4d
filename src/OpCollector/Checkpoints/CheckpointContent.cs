using System.Collections.Immutable;
using System.Text.Json.Serialization;
using OpCollector.Delivery;
using OpCollector.Detection;
using OpCollector.Detection.Sigma.Correlations;
using OpCollector.Events;
using OpCollector.Sources.EventsApi;
using OpCollector.Sources.Op;

namespace OpCollector.Checkpoints;

/// <summary>How a checkpoint is written to the disk; the three lists of recent ids are the columns of one table.</summary>
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
    OpBackfill? Backfill = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, StreamPosition>? Streams = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] SilenceAlarms? SilenceReported = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<KeptGroup>? Correlations = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<HeldBatch?>? Held = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, string>? RoutesAccepted = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] MemoryMark? Memory = null)
{
    public const int CurrentFormat = 1;

    static readonly long FirstSecond = DateTimeOffset.MinValue.ToUnixTimeSeconds();
    static readonly long LastSecond = DateTimeOffset.MaxValue.ToUnixTimeSeconds();
    static readonly Dictionary<string, StreamPosition> Nowhere = [];
    static readonly Dictionary<string, string> NoRoutes = [];

    public static CheckpointContent Create(Checkpoint checkpoint)
    {
        var (position, op, api) = (checkpoint.Position, checkpoint.Position as OpPosition, checkpoint.Position as StreamPositions);
        var recent = op?.Recent ?? [];
        return new CheckpointContent(
            CurrentFormat,
            position.Source,
            op?.LastEventId ?? 0,
            position.LastEventTime,
            [.. recent.Select(each => each.Eid)],
            [.. recent.Select(each => each.Time?.ToUnixTimeSeconds() ?? 0)],
            [.. recent.Select(each => each.Delivered.ToUnixTimeSeconds())],
            op?.RecentMalformed ?? [],
            checkpoint.Accepted.GetValueOrDefault(Route.Usual),
            op?.Backfill,
            api?.Streams,
            checkpoint.SilenceReported == SilenceAlarms.Nothing ? null : checkpoint.SilenceReported,
            checkpoint.Correlations.IsEmpty ? null : checkpoint.Correlations,
            checkpoint.Held.IsEmpty ? null : checkpoint.Held,
            checkpoint.Accepted.Remove(Route.Usual) is { IsEmpty: false } routes ? routes : null,
            checkpoint.Memory == MemoryMark.Nothing ? null : checkpoint.Memory);
    }

    /// <summary>
    /// Whether it holds what a run can leave behind. A checksum tells of a damaged disk, not of a hand or of another program.
    /// </summary>
    public bool IsSound => Source.Length > 0
        && LastEventId >= 0
        && RecentTimes.Count == RecentIds.Count
        && RecentDelivered.Count == RecentIds.Count
        && RecentIds.All(eid => eid >= 0)
        && RecentTimes.Concat(RecentDelivered).All(second => second >= FirstSecond && second <= LastSecond)
        && RecentMalformed.All(id => id is not null)
        && Backfill is not { From: < 0 } and not { To: < 0 }
        && (RoutesAccepted ?? NoRoutes).All(each => each is { Key.Length: > 0, Value: not null })
        && (Streams ?? Nowhere).All(each => EventStream.All.Any(known => known.Name == each.Key) && each.Value is { CountsAreSound: true })
        && Memory is not { File: < 1 } and not { Length: < 0 }
        && (Correlations ?? []).All(group => group is not null
            && group.Matches.All(match => match is { Member: >= 0 } && match.Ids.All(id => id is not null)));

    public Checkpoint ToCheckpoint() =>
        new(StreamPositions.IsSource(Source) ? OfStreams() : OfOp())
        {
            Accepted = (RoutesAccepted ?? NoRoutes)
                .Append(KeyValuePair.Create(Route.Usual, SinkAccepted ?? ""))
                .Where(each => each.Value.Length > 0)
                .ToImmutableSortedDictionary(StringComparer.Ordinal),
            SilenceReported = SilenceReported ?? SilenceAlarms.Nothing,
            Memory = Memory ?? MemoryMark.Nothing,
            Correlations = [.. Correlations ?? []],
            Held = [.. (Held ?? []).OfType<HeldBatch>()],
        };

    StreamPositions OfStreams() =>
        StreamPositions.Create(Source, (Streams ?? Nowhere).Select(each => (each.Key, each.Value))) with { LastEventTime = LastEventTime };

    OpPosition OfOp() => new(
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
        Backfill);
}

/// <summary>The JSON of a checkpoint, without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(CheckpointContent))]
internal sealed partial class CheckpointJson : JsonSerializerContext;
