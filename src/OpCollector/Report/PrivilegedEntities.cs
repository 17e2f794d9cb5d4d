using OpCollector.Access;
using OpCollector.Events;

namespace OpCollector.Report;

/// <summary>The groups and vaults whose access is looked at most closely; all of them where none are configured.</summary>
/// <param name="groups">Uuids and names.</param>
/// <param name="vaults">Uuids of vaults, likewise.</param>
internal sealed class PrivilegedEntities(IReadOnlyList<string> groups, IReadOnlyList<string> vaults)
{
    public static readonly PrivilegedEntities None = new([], []);

    public bool IsConfigured => groups.Count + vaults.Count > 0;

    public bool Has(Entity entity) => !IsConfigured || (entity.Kind switch
    {
        NameKind.Group => groups,
        NameKind.Vault => vaults,
        _ => [],
    }).Any(entity.IsCalled);

    /// <summary>Whether a change is one of access to something privileged, or of what is privileged itself.</summary>
    public bool Has(AccessChange change) =>
        (Has(change.Target) || (change.Principal is { } principal && Has(principal)))
        && (change.Target.Kind != NameKind.User || !IsConfigured);
}
