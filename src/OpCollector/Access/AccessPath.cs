namespace OpCollector.Access;

/// <summary>One way in which a person reaches a vault: directly, or as a member of a group.</summary>
/// <param name="User">Who reaches it.</param>
/// <param name="Grant">The access to the vault, of this person or of the group.</param>
/// <param name="Membership">The membership in the group; null where the access is the person's own.</param>
internal sealed record AccessPath(Entity User, Entitlement Grant, Entitlement? Membership)
{
    public Entity Vault => Grant.Target;

    /// <summary>The person on the way to a vault, or the vault on the way of a person.</summary>
    public Entity Other(Entity one) => one == Vault ? User : Vault;

    /// <summary>The group; null where the access is the person's own.</summary>
    public Entity? Through => Membership?.Target;

    /// <summary>
    /// How it is known. Where one part was there before the log and the other was seen to begin, the whole began with that one.
    /// </summary>
    public Provenance Known => Membership is null ? Grant.Known
        : (Provenance)Math.Max((int)Grant.Known, (int)Membership.Known) is var worst && worst != Provenance.BeforeLog ? worst
        : Grant.Known == Provenance.Seen || Membership.Known == Provenance.Seen ? Provenance.Seen
        : Provenance.BeforeLog;

    /// <summary>
    /// The event that opened the way: the later one of the two; null where that is not known, as it is where a list alone tells of one.
    /// </summary>
    public AccessChange? Beginning => Known is not (Provenance.Seen or Provenance.Disagreed) ? null
        : Membership is null ? Grant.Beginning
        : Known == Provenance.Disagreed && (Grant.Beginning is null || Membership.Beginning is null) ? null
        : new[] { Grant.Beginning, Membership.Beginning }.OfType<AccessChange>().MaxBy(each => each.Time);
}
