namespace OpCollector.Enrichment;

/// <summary>The groups whose members watch lists stand for.</summary>
/// <param name="Called">As they are written: uuids or names.</param>
/// <param name="List">Asks op who is in the group of a uuid.</param>
internal sealed record FollowedGroups(IReadOnlyList<string> Called, Func<string, CancellationToken, Task<IReadOnlyList<NamedThing>>> List);
