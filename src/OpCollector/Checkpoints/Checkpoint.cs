using System.Collections.Immutable;
using OpCollector.Delivery;
using OpCollector.Detection;
using OpCollector.Detection.Sigma.Correlations;
using OpCollector.Events;
using OpCollector.Sources;

namespace OpCollector.Checkpoints;

/// <summary>What is delivered, and what the next run must know of it to go on.</summary>
/// <param name="Position">How far the source is delivered.</param>
internal sealed record Checkpoint(Position Position)
{
    /// <summary>The fingerprint of each route that has accepted something, by the name of the route.</summary>
    public ImmutableSortedDictionary<string, string> Accepted { get; init; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>How much of the rules' own file counts: what they remember of the events that are delivered.</summary>
    public MemoryMark Memory { get; init; } = MemoryMark.Nothing;

    /// <summary>What the rules of an earlier version remembered. Once a page is delivered, the rules' own file has it.</summary>
    public ImmutableArray<KeptGroup> Correlations { get; init; } = [];

    /// <summary>The checkpoint once a page is delivered.</summary>
    public Checkpoint Behind(DetectedPage page) => Releasing(page.Page.Stream, page.Items) with
    {
        Position = page.Page.Position,
        Memory = page.Remembered.Mark,
        Correlations = page.Remembered.Mark.File > 0 ? [] : Correlations,
    };

    /// <summary>The alarms for silence that are not over.</summary>
    public SilenceAlarms SilenceReported { get; init; } = SilenceAlarms.Nothing;

    /// <summary>The batches that have ended runs: one of each stream and route at most.</summary>
    public ImmutableArray<HeldBatch> Held { get; init; } = [];

    /// <summary>What is remembered of these items; null where they were not held up.</summary>
    /// <param name="route">The name of their route; null for that of the sink itself.</param>
    public HeldBatch? HeldOf(string? route, string stream, IReadOnlyList<ActivityEvent> items) =>
        Held.FirstOrDefault(each => each.Route == route && IsOf(each, stream, items));

    /// <summary>The checkpoint with what is remembered of a batch that is not delivered.</summary>
    public Checkpoint Holding(HeldBatch held) =>
        this with { Held = [.. Held.Where(each => each.Stream != held.Stream || each.Route != held.Route), held] };

    /// <summary>The checkpoint once they are delivered.</summary>
    public Checkpoint Releasing(string stream, IReadOnlyList<ActivityEvent> items) =>
        Held.IsEmpty ? this : this with { Held = [.. Held.Where(each => !IsOf(each, stream, items))] };

    static bool IsOf(HeldBatch held, string stream, IReadOnlyList<ActivityEvent> items) =>
        held.Stream == stream && items.Any(item => item.Id == held.First);
}
