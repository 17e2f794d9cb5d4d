using System.Collections.Immutable;
using OpCollector.Delivery;
using OpCollector.Detection;
using OpCollector.Detection.Sigma;
using OpCollector.Events;
using OpCollector.Sources;

namespace OpCollector.Checkpoints;

/// <summary>What is delivered, and what must be known of it to go on.</summary>
/// <param name="Position">How far the source is delivered.</param>
/// <param name="SinkAccepted">The fingerprint of the sink that last accepted something; null when none ever did.</param>
internal sealed record Checkpoint(Position Position, string? SinkAccepted = null)
{
    /// <summary>What the rules remember of the events delivered so far.</summary>
    public ImmutableArray<KeptGroup> Correlations { get; init; } = [];

    /// <summary>The alarms for silence that are not over.</summary>
    public SilenceAlarms SilenceReported { get; init; } = SilenceAlarms.Nothing;

    /// <summary>The batches that the sink does not take for the moment, one of each stream at most.</summary>
    public ImmutableArray<HeldBatch> Held { get; init; } = [];

    /// <summary>Whether these items were held up for so long that one of them may be the reason.</summary>
    public bool IsStuck(string stream, IReadOnlyList<ActivityEvent> items, DateTimeOffset now) =>
        Held.Any(each => IsOf(each, stream, items) && each.IsStuck(now));

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

    static bool IsOf(HeldBatch held, string stream, IReadOnlyList<ActivityEvent> items) =>
        held.Stream == stream && items.Any(item => item.Id == held.First);
}
