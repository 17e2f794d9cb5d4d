using OpCollector.Events;

namespace OpCollector.Delivery;

/// <summary>An answer that speaks of single events: what it refuses, and what is still to be sent; the others are in.</summary>
internal sealed record PartialOutcome(IReadOnlyList<RefusedEvent> Refused, IReadOnlyList<ActivityEvent> Left);
