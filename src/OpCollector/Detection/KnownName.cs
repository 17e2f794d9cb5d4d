namespace OpCollector.Detection;

/// <summary>A user, a group or a vault that somebody knows the name of.</summary>
/// <param name="Email">Of a user.</param>
internal sealed record KnownName(KnownKind Kind, string Uuid, string Name, string? Email = null);
