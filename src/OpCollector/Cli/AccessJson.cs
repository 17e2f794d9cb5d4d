using System.Globalization;
using OpCollector.Access;
using OpCollector.Events;

namespace OpCollector.Cli;

/// <summary>Who can reach what, as <c>access --output json</c> prints it: one object on one line.</summary>
internal sealed class AccessJson(AccessHistory history, AccessState state)
{
    /// <summary>The line in pieces: of very many people, groups and vaults it is long.</summary>
    /// <param name="thing">Null for every vault and every group.</param>
    public IEnumerable<string> Write(Entity? thing)
    {
        (string, string)[] head =
        [
            ("at", Moment(state.Time)), ("logBegins", Moment(history.Begins)), ("logEnds", Moment(history.Ends)),
            ("unusable", Number(history.Unusable)), ("leftOut", Number(history.LeftOut)), ("forgotten", Number(history.Forgotten)),
        ];
        return thing is null
            ? Object(head, ("vaults", Parted(All(NameKind.Vault))), ("groups", Parted(All(NameKind.Group))))
            : Object([.. head, .. Head(thing), .. Life(thing)], MembersOf(thing));
    }

    static IEnumerable<string> Object(
        (string Name, string Json)[] members, params (string Name, IEnumerable<string> Pieces)[] lists)
    {
        yield return JsonOutput.Object(members)[..^1];
        foreach (var (name, pieces) in lists)
        {
            yield return $",\"{name}\":[";
            foreach (var piece in pieces)
            {
                yield return piece;
            }

            yield return "]";
        }

        yield return "}";
    }

    static IEnumerable<string> Parted(IEnumerable<IEnumerable<string>> items) =>
        items.SelectMany((pieces, at) => at == 0 ? pieces : pieces.Prepend(","));

    IEnumerable<IEnumerable<string>> All(NameKind kind) => history.Things
        .Where(thing => thing.Kind == kind && state.IsThere(thing))
        .OrderBy(thing => thing.Best, StringComparer.OrdinalIgnoreCase)
        .Select(thing => Object(Head(thing), MembersOf(thing)));

    (string, IEnumerable<string>)[] MembersOf(Entity thing) => thing.Kind switch
    {
        NameKind.Vault =>
        [
            ("groups", List(state.GrantsOn(thing).Where(grant => grant.Of.Kind == NameKind.Group), grant => grant.Of)),
            ("people", List(state.PeopleOn(thing), reach => reach.User)),
        ],
        NameKind.Group =>
        [
            ("people", List(state.MembersOf(thing), member => member.Of)),
            ("vaults", List(state.HoldingsOf(thing), grant => grant.On)),
        ],
        _ =>
        [
            ("groups", List(state.HoldingsOf(thing).Where(held => held.On.Kind == NameKind.Group), held => held.On)),
            ("vaults", List(state.VaultsOf(thing), reach => reach.Vault)),
        ],
    };

    IEnumerable<string> List(IEnumerable<Entitlement> held, Func<Entitlement, Entity> who) => Parted(held.Select(each => Object(
    [
        .. Head(who(each)),
        .. Suspension(who(each)),
        .. Right(each),
        .. Known(each.Known, each.Beginning, each.Latest),
    ])));

    IEnumerable<string> List(IEnumerable<AccessPath> reaches, Func<AccessPath, Entity> who) => Parted(reaches.Select(each => Object(
    [
        .. Head(who(each)),
        .. Suspension(who(each)),
        ("through", each.Through is { } group ? JsonOutput.Object(Head(group)) : "null"),
        .. Right(each.Grant),
        .. Known(each.Known, each.Beginning, each.Grant.Latest),
    ])));

    static (string, string)[] Right(Entitlement held) => held.On.Kind == NameKind.Group
        ? [("role", held.Right is null ? "null" : JsonOutput.Quoted(AccessChange.Words(held.Right)))]
        : [("rights", JsonOutput.Quoted(held.Right))];

    static (string, string)[] Known(Provenance known, AccessChange? beginning, AccessChange? latest) =>
    [
        ("known", JsonOutput.Quoted(AccessPhrases.Known(known))),
        ("began", Change(beginning)),
        ("changed", Change(latest)),
    ];

    (string, string)[] Suspension(Entity thing) =>
        thing.Kind == NameKind.User ? [("suspended", JsonOutput.Flag(state.StandingOf(thing).IsSuspended))] : [];

    (string, string)[] Life(Entity thing) => state.StandingOf(thing) is var standing && thing.Kind == NameKind.User
        ? [
            ("created", Change(standing.Created)), ("deleted", Change(standing.Gone)),
            ("suspended", JsonOutput.Flag(standing.IsSuspended)), ("suspension", Change(standing.Suspended)),
        ]
        : [("created", Change(standing.Created)), ("deleted", Change(standing.Gone))];

    static (string, string)[] Head(Entity thing) =>
    [
        ("kind", JsonOutput.Quoted(EntitySearch.Word(thing.Kind))),
        ("uuid", JsonOutput.Quoted(thing.Uuid)),
        ("name", JsonOutput.Quoted(thing.Name)),
        .. thing.Kind == NameKind.User ? new[] { ("email", JsonOutput.Quoted(thing.Email)) } : [],
    ];

    static string Change(AccessChange? change) => change is null ? "null" : JsonOutput.Object(
        ("time", Moment(change.Time)),
        ("event", JsonOutput.Quoted(change.EventId)),
        ("by", change.By is { } by ? JsonOutput.Object(Head(by)) : "null"));

    static string Moment(DateTimeOffset? time) => JsonOutput.Quoted(time is { } known ? AccessPhrases.Exact(known) : null);

    static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
