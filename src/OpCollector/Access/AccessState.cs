namespace OpCollector.Access;

/// <summary>Who is in which group and reaches which vault at one moment. What is deleted holds and gives nothing.</summary>
internal sealed class AccessState
{
    readonly ILookup<Entity, Entitlement> _on;
    readonly ILookup<Entity, Entitlement> _of;
    readonly Func<Entity, EntityStatus> _standing;

    /// <param name="standing">How a thing is at that moment.</param>
    public AccessState(DateTimeOffset time, IEnumerable<EntitlementHistory> relations, Func<Entity, EntityStatus> standing)
    {
        (Time, _standing) = (time, standing);
        Entitlement[] held =
        [
            .. relations
                .Select(relation => relation.AsOf(time))
                .OfType<Entitlement>()
                .Where(holding => IsThere(holding.On) && IsThere(holding.Of)),
        ];
        (_on, _of) = (held.ToLookup(holding => holding.On), held.ToLookup(holding => holding.Of));
    }

    public DateTimeOffset Time { get; }

    /// <summary>Every membership and every access.</summary>
    public IEnumerable<Entitlement> All => _on.SelectMany(held => held);

    public EntityStatus StandingOf(Entity thing) => _standing(thing);

    public bool IsThere(Entity thing) => StandingOf(thing).Gone is null;

    /// <summary>Who is in a group.</summary>
    public IEnumerable<Entitlement> MembersOf(Entity group) => _on[group];

    /// <summary>What a vault is open to: people and groups.</summary>
    public IEnumerable<Entitlement> GrantsOn(Entity vault) => _on[vault];

    /// <summary>The groups that a person is in and the vaults that are open to a person or a group, without what groups give.</summary>
    public IEnumerable<Entitlement> HoldingsOf(Entity who) => _of[who];

    /// <summary>Everybody who can reach a vault, each way by itself.</summary>
    public IEnumerable<AccessPath> PeopleOn(Entity vault) => _on[vault].SelectMany(grant => grant.Of.Kind == Events.NameKind.User
        ? [new AccessPath(grant.Of, grant, Membership: null)]
        : _on[grant.Of].Select(member => new AccessPath(member.Of, grant, member)));

    /// <summary>Every vault that a person can reach, each way by itself.</summary>
    public IEnumerable<AccessPath> VaultsOf(Entity user) => _of[user].SelectMany(held => held.On.Kind == Events.NameKind.Vault
        ? [new AccessPath(user, held, Membership: null)]
        : _of[held.On].Select(grant => new AccessPath(user, grant, held)));
}
