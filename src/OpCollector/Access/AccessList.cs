using OpCollector.Events;

namespace OpCollector.Access;

/// <summary>What a list of 1Password shows: everybody of a kind who is in a group or has access to a vault.</summary>
/// <param name="Kind">What it is a list for: a group or a vault.</param>
/// <param name="Uuid">The group's or the vault's.</param>
/// <param name="Shows">What it shows: people, or groups.</param>
/// <param name="Uuids">Those that it shows.</param>
/// <param name="Read">When it was read.</param>
internal sealed record AccessList(NameKind Kind, string Uuid, NameKind Shows, IReadOnlyCollection<string> Uuids, DateTimeOffset Read);
