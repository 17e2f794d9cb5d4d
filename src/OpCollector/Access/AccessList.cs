using OpCollector.Events;

namespace OpCollector.Access;

/// <summary>What a list of 1Password shows: who is in a group, what a vault is open to, or what is open to a person or a group.</summary>
/// <param name="Kind">What it is a list for: a group, a vault or a person.</param>
/// <param name="Uuid">The uuid of that.</param>
/// <param name="Shows">What it shows: people, groups or vaults.</param>
/// <param name="Rights">Those that it shows by their uuids, each with its role in the group; null where the list does not say it.</param>
/// <param name="Read">When it was read.</param>
internal sealed record AccessList(
    NameKind Kind, string Uuid, NameKind Shows, IReadOnlyDictionary<string, string?> Rights, DateTimeOffset Read)
{
    /// <summary>
    /// Whether what it does not show is not there. Vaults are listed only where the account that asks can reach them itself.
    /// </summary>
    public bool IsWhole => Shows != NameKind.Vault;

    /// <summary>Whether it shows what somebody holds, and not who holds something.</summary>
    public bool IsOfHolder => Shows == NameKind.Vault || Kind == NameKind.User;
}
