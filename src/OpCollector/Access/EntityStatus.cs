namespace OpCollector.Access;

/// <summary>How a person, a group or a vault is at a moment: there, gone, or suspended.</summary>
/// <param name="Created">The event that made it; null where the log does not have it.</param>
/// <param name="Gone">The event that deleted it; null while it is there.</param>
/// <param name="IsSuspended">Whether this person cannot sign in.</param>
/// <param name="Suspended">The event that suspended this person; null where the log does not have it.</param>
internal sealed record EntityStatus(AccessChange? Created, AccessChange? Gone, bool IsSuspended, AccessChange? Suspended)
{
    public static readonly EntityStatus Unknown = new(null, null, false, null);

    public static EntityStatus AsOf(ChangeHistory changes, DateTimeOffset time)
    {
        var (all, count) = (changes.All, changes.CountAt(time));
        var last = count > 0 ? all[count - 1] : null;
        return new EntityStatus(
            count > 0 && all[0].Kind == AccessChangeKind.Began ? all[0] : null,
            last is { Kind: AccessChangeKind.Ended } gone ? gone : null,
            last is { Kind: AccessChangeKind.Suspended } || (last is null && all is [{ Kind: AccessChangeKind.Resumed }, ..]),
            last is { Kind: AccessChangeKind.Suspended } suspended ? suspended : null);
    }
}
