namespace OpCollector.Enrichment;

/// <summary>A user, a group or a vault, and how it is called. This is all that is kept of it.</summary>
/// <param name="Gone">When a list no longer showed it; null while it is there. Its name is kept: old events are about it.</param>
internal sealed record NamedThing(string Uuid, string? Name = null, string? Email = null, DateTimeOffset? Gone = null);
