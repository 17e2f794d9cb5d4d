namespace OpCollector.Access;

/// <summary>Who is in which group and reaches which vault at one moment. What is deleted holds and gives nothing.</summary>
internal sealed class AccessState
{
    readonly ILookup<Thing, Holding> _on;
    readonly ILookup<Thing, Holding> _of;
    readonly Func<Thing, Standing> _standing;

    /// <param name="standing">How a thing is at that moment.</param>
    public AccessState(DateTimeOffset time, IEnumerable<Relation> relations, Func<Thing, Standing> standing)
    {
        (Time, _standing) = (time, standing);
        Holding[] held =
        [
            .. relations
                .Select(relation => relation.At(time))
                .OfType<Holding>()
                .Where(holding => IsThere(holding.On) && IsThere(holding.Of)),
        ];
        (_on, _of) = (held.ToLookup(holding => holding.On), held.ToLookup(holding => holding.Of));
    }

    public DateTimeOffset Time { get; }

    /// <summary>Every membership and every access.</summary>
    public IEnumerable<Holding> All => _on.SelectMany(held => held);

    public Standing StandingOf(Thing thing) => _standing(thing);

    public bool IsThere(Thing thing) => StandingOf(thing).Gone is null;

    /// <summary>Who is in a group.</summary>
    public IEnumerable<Holding> MembersOf(Thing group) => _on[group];

    /// <summary>What a vault is open to: people and groups.</summary>
    public IEnumerable<Holding> GrantsOn(Thing vault) => _on[vault];

    /// <summary>The groups that a person is in and the vaults that are open to a person or a group, without what groups give.</summary>
    public IEnumerable<Holding> HoldingsOf(Thing who) => _of[who];

    /// <summary>Everybody who can reach a vault, each way by itself.</summary>
    public IEnumerable<Reach> PeopleOn(Thing vault) => _on[vault].SelectMany(grant => grant.Of.Kind == Events.NameKind.User
        ? [new Reach(grant.Of, grant, Membership: null)]
        : _on[grant.Of].Select(member => new Reach(member.Of, grant, member)));

    /// <summary>Every vault that a person can reach, each way by itself.</summary>
    public IEnumerable<Reach> VaultsOf(Thing user) => _of[user].SelectMany(held => held.On.Kind == Events.NameKind.Vault
        ? [new Reach(user, held, Membership: null)]
        : _of[held.On].Select(grant => new Reach(user, grant, held)));
}
