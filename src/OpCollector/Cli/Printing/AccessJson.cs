using System.Globalization;
using OpCollector.Access;
using OpCollector.Events;

namespace OpCollector.Cli.Printing;

/// <summary>Who can reach what, as <c>access --output json</c> prints it: one object on one line.</summary>
internal sealed class AccessJson(AccessHistory history, AccessState state)
{
    /// <summary>The line in pieces: of very many people, groups and vaults it is long.</summary>
    /// <param name="entity">Null for every vault and every group.</param>
    public IEnumerable<string> Write(Entity? entity)
    {
        (string, string)[] head =
        [
            ("at", Moment(state.Time)), ("logBegins", Moment(history.Begins)), ("logEnds", Moment(history.Ends)),
            ("unusable", Number(history.Unusable)), ("leftOut", Number(history.LeftOut)), ("forgotten", Number(history.Forgotten)),
        ];
        return entity is null
            ? Object(head, ("vaults", Parted(All(NameKind.Vault))), ("groups", Parted(All(NameKind.Group))))
            : Object([.. head, .. Head(entity), .. Life(entity)], MembersOf(entity));
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

    IEnumerable<IEnumerable<string>> All(NameKind kind) => history.Entities
        .Where(entity => entity.Kind == kind && state.IsThere(entity))
        .OrderBy(entity => entity.Best, StringComparer.OrdinalIgnoreCase)
        .Select(entity => Object(Head(entity), MembersOf(entity)));

    (string, IEnumerable<string>)[] MembersOf(Entity entity) => entity.Kind switch
    {
        NameKind.Vault =>
        [
            ("groups", List(entity, state.GrantsOn(entity).Where(grant => grant.Principal.Kind == NameKind.Group))),
            ("people", List(entity, state.PeopleOn(entity))),
        ],
        NameKind.Group =>
        [
            ("people", List(entity, state.MembersOf(entity))),
            ("vaults", List(entity, state.HoldingsOf(entity))),
        ],
        _ =>
        [
            ("groups", List(entity, state.HoldingsOf(entity).Where(held => held.Target.Kind == NameKind.Group))),
            ("vaults", List(entity, state.VaultsOf(entity))),
        ],
    };

    IEnumerable<string> List(Entity entity, IEnumerable<Entitlement> entitlements) => Parted(entitlements.Select(each => Object(
    [
        .. Head(each.Other(entity)),
        .. Suspension(each.Other(entity)),
        .. Right(each),
        .. Known(each.Known, each.Beginning, each.Latest),
    ])));

    IEnumerable<string> List(Entity entity, IEnumerable<AccessPath> paths) => Parted(paths.Select(each => Object(
    [
        .. Head(each.Other(entity)),
        .. Suspension(each.Other(entity)),
        ("through", each.Through is { } group ? JsonOutput.Object(Head(group)) : "null"),
        .. Right(each.Grant),
        .. Known(each.Known, each.Beginning, each.Grant.Latest),
    ])));

    static (string, string)[] Right(Entitlement held) => held.Target.Kind == NameKind.Group
        ? [("role", held.Right is null ? "null" : JsonOutput.Quoted(AccessChange.TextOf(held.Right)))]
        : [("rights", JsonOutput.Quoted(held.Right))];

    static (string, string)[] Known(Provenance known, AccessChange? beginning, AccessChange? latest) =>
    [
        ("known", JsonOutput.Quoted(AccessPhrases.Known(known))),
        ("began", Change(beginning)),
        ("changed", Change(latest)),
    ];

    (string, string)[] Suspension(Entity entity) =>
        entity.Kind == NameKind.User ? [("suspended", JsonOutput.Flag(state.StatusOf(entity).IsSuspended))] : [];

    (string, string)[] Life(Entity entity) => state.StatusOf(entity) is var status && entity.Kind == NameKind.User
        ? [
            ("created", Change(status.Created)), ("deleted", Change(status.Gone)),
            ("suspended", JsonOutput.Flag(status.IsSuspended)), ("suspension", Change(status.Suspended)),
        ]
        : [("created", Change(status.Created)), ("deleted", Change(status.Gone))];

    static (string, string)[] Head(Entity entity) =>
    [
        ("kind", JsonOutput.Quoted(EntitySearch.Word(entity.Kind))),
        ("uuid", JsonOutput.Quoted(entity.Uuid)),
        ("name", JsonOutput.Quoted(entity.Name)),
        .. entity.Kind == NameKind.User ? new[] { ("email", JsonOutput.Quoted(entity.Email)) } : [],
    ];

    static string Change(AccessChange? change) => change is null ? "null" : JsonOutput.Object(
        ("time", Moment(change.Time)),
        ("event", JsonOutput.Quoted(change.EventId)),
        ("by", change.By is { } by ? JsonOutput.Object(Head(by)) : "null"));

    static string Moment(DateTimeOffset? time) => JsonOutput.Quoted(time is { } known ? Rfc3339.Format(known) : null);

    static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
