using OpCollector.Events;

namespace OpCollector.Detection;

/// <summary>A user, a group or a vault by the name that a watch list may call it by.</summary>
/// <param name="Kind">Null where only its name is known.</param>
/// <param name="Email">Of a user.</param>
internal sealed record KnownName(NameKind? Kind, string Uuid, string Name, string? Email = null);
