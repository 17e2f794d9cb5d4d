using System.Globalization;
using OpCollector.Access;
using OpCollector.Events;

namespace OpCollector.Cli;

/// <summary>Who can reach what, as <c>access --output json</c> prints it: one object on one line.</summary>
internal sealed class AccessJson(AccessHistory history, AccessState state)
{
    /// <param name="thing">Null for every vault and every group.</param>
    public string Of(Thing? thing)
    {
        (string, string)[] head = [("at", Moment(state.Time)), ("logBegins", Moment(history.Begins)), ("logEnds", Moment(history.Ends))];
        return thing is null
            ? JsonOutput.Object([
                .. head,
                ("vaults", All(NameKind.Vault)),
                ("groups", All(NameKind.Group)),
            ])
            : JsonOutput.Object([.. head, .. Head(thing), .. Life(thing), .. MembersOf(thing)]);
    }

    string All(NameKind kind) => JsonOutput.List(history.Things
        .Where(thing => thing.Kind == kind && state.IsThere(thing))
        .OrderBy(thing => thing.Best, StringComparer.OrdinalIgnoreCase)
        .Select(thing => JsonOutput.Object([.. Head(thing), .. MembersOf(thing)])));

    (string, string)[] MembersOf(Thing thing) => thing.Kind switch
    {
        NameKind.Vault => VaultMembers(thing),
        NameKind.Group => GroupMembers(thing),
        _ =>
        [
            ("groups", List(state.HoldingsOf(thing).Where(held => held.On.Kind == NameKind.Group), held => held.On)),
            ("vaults", JsonOutput.List(state.VaultsOf(thing).Select(reach => Reached(reach, reach.Vault)))),
        ],
    };

    (string, string)[] VaultMembers(Thing vault) =>
    [
        ("groups", List(state.GrantsOn(vault).Where(grant => grant.Of.Kind == NameKind.Group), grant => grant.Of)),
        ("people", JsonOutput.List(state.PeopleOn(vault).Select(reach => Reached(reach, reach.User)))),
    ];

    (string, string)[] GroupMembers(Thing group) =>
    [
        ("people", List(state.MembersOf(group), member => member.Of)),
        ("vaults", List(state.HoldingsOf(group), grant => grant.On)),
    ];

    string List(IEnumerable<Holding> held, Func<Holding, Thing> who) => JsonOutput.List(held.Select(each => JsonOutput.Object(
    [
        .. Head(who(each)),
        .. Suspension(who(each)),
        .. Right(each),
        .. Known(each.Known, each.Beginning, each.Latest),
    ])));

    string Reached(Reach reach, Thing who) => JsonOutput.Object(
    [
        .. Head(who),
        .. Suspension(who),
        ("through", reach.Through is { } group ? JsonOutput.Object(Head(group)) : "null"),
        .. Right(reach.Grant),
        .. Known(reach.Known, reach.Beginning, reach.Grant.Latest),
    ]);

    static (string, string)[] Right(Holding held) => held.On.Kind == NameKind.Group
        ? [("role", held.Right is null ? "null" : JsonOutput.Quoted(AccessChange.Words(held.Right)))]
        : [("rights", JsonOutput.Quoted(held.Right))];

    static (string, string)[] Known(Knowledge known, AccessChange? beginning, AccessChange? latest) =>
    [
        ("known", JsonOutput.Quoted(known switch
        {
            Knowledge.Seen => "seen",
            Knowledge.BeforeLog => "before-log",
            Knowledge.BeginningMissing => "beginning-missing",
            Knowledge.ListOnly => "list-only",
            _ => "disagreed",
        })),
        ("began", Change(beginning)),
        ("changed", Change(latest)),
    ];

    (string, string)[] Suspension(Thing thing) =>
        thing.Kind == NameKind.User ? [("suspended", JsonOutput.Flag(state.StandingOf(thing).IsSuspended))] : [];

    (string, string)[] Life(Thing thing) => state.StandingOf(thing) is var standing && thing.Kind == NameKind.User
        ? [
            ("created", Change(standing.Created)), ("deleted", Change(standing.Gone)),
            ("suspended", JsonOutput.Flag(standing.IsSuspended)), ("suspension", Change(standing.Suspended)),
        ]
        : [("created", Change(standing.Created)), ("deleted", Change(standing.Gone))];

    static (string, string)[] Head(Thing thing) =>
    [
        ("kind", JsonOutput.Quoted(NamedThings.Word(thing.Kind))),
        ("uuid", JsonOutput.Quoted(thing.Uuid)),
        ("name", JsonOutput.Quoted(thing.Name)),
        .. thing.Kind == NameKind.User ? new[] { ("email", JsonOutput.Quoted(thing.Email)) } : [],
    ];

    static string Change(AccessChange? change) => change is null ? "null" : JsonOutput.Object(
        ("time", Moment(change.Time)),
        ("event", JsonOutput.Quoted(change.EventId)),
        ("by", change.By is { } by ? JsonOutput.Object(Head(by)) : "null"));

    static string Moment(DateTimeOffset? time) =>
        JsonOutput.Quoted(time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture));
}
