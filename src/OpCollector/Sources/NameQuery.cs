using OpCollector.Events;

namespace OpCollector.Sources;

/// <summary>A question to a source about names.</summary>
/// <param name="Shows">What the answer lists.</param>
internal abstract record NameQuery(NameKind Shows);

/// <summary>Asks for everything of a kind.</summary>
internal sealed record NamesOfKind(NameKind Shows) : NameQuery(Shows);

/// <summary>Asks for the users in a group, each with a role there.</summary>
/// <param name="Group">Its uuid.</param>
internal sealed record NamesInGroup(string Group) : NameQuery(NameKind.User);

/// <summary>Asks for the users or the groups that can use a vault, or for the groups or the vaults of a user or of a group.</summary>
/// <param name="Of">What the uuid is of.</param>
internal sealed record NamesByAccess(NameKind Shows, NameKind Of, string Uuid) : NameQuery(Shows);

/// <summary>A user, a group or a vault as a source lists it.</summary>
/// <param name="Role">What a user is in the group that was asked about: MANAGER or MEMBER; empty in other lists.</param>
internal sealed record ListedEntity(string Uuid, string? Name = null, string? Email = null, string Role = "")
{
    public bool HasName => (Name ?? Email) is not null;
}
