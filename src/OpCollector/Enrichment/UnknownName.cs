using OpCollector.Events;

namespace OpCollector.Enrichment;

/// <summary>A uuid that ought to have a name, and nobody knows it.</summary>
/// <param name="Seen">When the event that has it happened; null where it does not say so.</param>
internal readonly record struct UnknownName(NameKind Kind, string Uuid, DateTimeOffset? Seen);
