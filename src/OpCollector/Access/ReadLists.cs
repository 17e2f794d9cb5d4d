using OpCollector.Events;

namespace OpCollector.Access;

/// <summary>The lists of 1Password that were read, and what they say of memberships and accesses.</summary>
internal sealed class ReadLists
{
    readonly Dictionary<(NameKind Kind, string Uuid, NameKind Shows), AccessList> _lists = [];

    public IEnumerable<AccessList> All => _lists.Values;

    /// <summary>Takes over what a list shows; of two for the same, the later one counts.</summary>
    public void Add(AccessList list)
    {
        var key = (list.Kind, list.Uuid, list.Shows);
        if (!_lists.TryGetValue(key, out var known) || known.Read <= list.Read)
        {
            _lists[key] = list;
        }
    }

    /// <summary>
    /// What a list may show because of a group: the people of a vault, or the vaults of a person. It does not say whether the access is
    /// through one, so it says nothing of an access of their own.
    /// </summary>
    public static HashSet<Entity> ReachedThroughGroups(AccessList list, Entity subject, IReadOnlyCollection<EntitlementHistory> histories)
    {
        if ((list.Kind, list.Shows) is not ((NameKind.Vault, NameKind.User) or (NameKind.User, NameKind.Vault)))
        {
            return [];
        }

        var groups = Others(subject).Where(each => each.Kind == NameKind.Group).ToHashSet();
        return [.. histories
            .Where(each => groups.Contains(list.IsOfHolder ? each.Principal : each.Target))
            .Where(each => Other(list, each).Kind == list.Shows && Holds(each))
            .Select(each => Other(list, each))];

        IEnumerable<Entity> Others(Entity principal) => histories
            .Where(each => (list.IsOfHolder ? each.Principal : each.Target) == principal && Holds(each))
            .Select(each => Other(list, each));
        bool Holds(EntitlementHistory history) => history.AsOf(list.Read) is not null;
    }

    /// <summary>Notes with each membership or access what a list shows of it.</summary>
    public static void MarkListed(AccessList list, Entity subject, IEnumerable<EntitlementHistory> histories, HashSet<Entity> throughGroups)
    {
        foreach (var history in histories.Where(each => (list.IsOfHolder ? each.Principal : each.Target) == subject))
        {
            var other = Other(list, history);
            var isListed = list.Rights.TryGetValue(other.Uuid, out var right);
            if (other.Kind == list.Shows && (isListed || list.IsWhole)
                && !(isListed && throughGroups.Contains(other) && history.AsOf(list.Read) is null))
            {
                (history.ListRead, history.IsListed, history.ListedRight) = (list.Read, isListed, right);
            }
        }
    }

    static Entity Other(AccessList list, EntitlementHistory history) => list.IsOfHolder ? history.Target : history.Principal;
}
