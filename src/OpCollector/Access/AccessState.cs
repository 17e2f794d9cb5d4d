namespace OpCollector.Access;

/// <summary>Who is in which group and reaches which vault at one moment. What is deleted holds and gives nothing.</summary>
internal sealed class AccessState
{
    readonly ILookup<Entity, Entitlement> _byTarget;
    readonly ILookup<Entity, Entitlement> _byPrincipal;
    readonly Func<Entity, EntityStatus> _status;

    /// <param name="status">How a thing is at that moment.</param>
    public AccessState(DateTimeOffset time, IEnumerable<EntitlementHistory> histories, Func<Entity, EntityStatus> status)
    {
        (Time, _status) = (time, status);
        Entitlement[] held =
        [
            .. histories
                .Select(history => history.AsOf(time))
                .OfType<Entitlement>()
                .Where(entitlement => IsThere(entitlement.Target) && IsThere(entitlement.Principal)),
        ];
        (_byTarget, _byPrincipal) = (held.ToLookup(entitlement => entitlement.Target), held.ToLookup(entitlement => entitlement.Principal));
    }

    public DateTimeOffset Time { get; }

    /// <summary>Every membership and every access.</summary>
    public IEnumerable<Entitlement> All => _byTarget.SelectMany(held => held);

    public EntityStatus StatusOf(Entity entity) => _status(entity);

    public bool IsThere(Entity entity) => StatusOf(entity).Gone is null;

    /// <summary>Who is in a group.</summary>
    public IEnumerable<Entitlement> MembersOf(Entity group) => _byTarget[group];

    /// <summary>What a vault is open to: people and groups.</summary>
    public IEnumerable<Entitlement> GrantsOn(Entity vault) => _byTarget[vault];

    /// <summary>The groups that a person is in and the vaults that are open to a person or a group, without what groups give.</summary>
    public IEnumerable<Entitlement> HoldingsOf(Entity who) => _byPrincipal[who];

    /// <summary>Everybody who can reach a vault, each way by itself.</summary>
    public IEnumerable<AccessPath> PeopleOn(Entity vault) => _byTarget[vault].SelectMany(
        grant => grant.Principal.Kind == Events.NameKind.User
        ? [new AccessPath(grant.Principal, grant, Membership: null)]
        : _byTarget[grant.Principal].Select(member => new AccessPath(member.Principal, grant, member)));

    /// <summary>Every vault that a person can reach, each way by itself.</summary>
    public IEnumerable<AccessPath> VaultsOf(Entity user) => _byPrincipal[user].SelectMany(held => held.Target.Kind == Events.NameKind.Vault
        ? [new AccessPath(user, held, Membership: null)]
        : _byPrincipal[held.Target].Select(grant => new AccessPath(user, grant, held)));
}
