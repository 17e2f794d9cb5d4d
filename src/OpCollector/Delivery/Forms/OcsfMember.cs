using System.Text;
using OpCollector.Events;

namespace OpCollector.Delivery.Forms;

/// <summary>
/// The members of events and findings that have a place in the Open Cybersecurity Schema Framework, or another name in what has none.
/// </summary>
internal enum OcsfMember
{
    /// <summary>Any other.</summary>
    None,
    Kind,
    Id,
    Uuid,
    Timestamp,
    Summary,
    Stream,
    Account,
    Action,
    ObjectType,
    Actor,
    ActorName,
    ActorEmail,
    ActorDetails,
    ActorDetailsUuid,
    ActorDetailsName,
    ActorDetailsEmail,
    Object,
    ObjectName,
    ObjectEmail,
    ObjectDetails,
    ObjectDetailsUuid,
    ObjectDetailsName,
    ObjectDetailsEmail,
    Aux,
    AuxName,
    AuxEmail,
    AuxDetails,
    AuxDetailsUuid,
    AuxDetailsName,
    AuxDetailsEmail,
    AuxId,
    AuxInfo,
    Session,
    SessionUuid,
    SessionIp,
    SessionDevice,
    Client,
    ClientIp,
    ClientDevice,
    ClientSystem,
    ClientSystemVersion,
    Location,
    City,
    Region,
    Country,
    Latitude,
    Longitude,
    CountryAlone,
    SessionAlone,
    Category,
    Type,
    TargetUser,
    TargetUserUuid,
    TargetUserName,
    TargetUserEmail,
    User,
    UserUuid,
    UserName,
    UserEmail,
    Item,
    Vault,
    VaultName,
    Rule,
    RuleId,
    RuleTitle,
    RuleLevel,
    RuleDescription,
    RuleTags,
    Severity,
    EventIds,
    Event,
}

/// <summary>Where those members stand, and what they are called there: by the Events API's names, and by op's beside them.</summary>
internal static class OcsfMembersByName
{
    static readonly (OcsfMember Member, string Path)[] Paths =
    [
        (OcsfMember.Kind, "kind"), (OcsfMember.Id, "id"), (OcsfMember.Uuid, "uuid"), (OcsfMember.Timestamp, "timestamp"),
        (OcsfMember.Summary, "summary"), (OcsfMember.Stream, "stream"), (OcsfMember.Account, "account_uuid"),
        (OcsfMember.Action, "action"), (OcsfMember.ObjectType, "object_type"),
        (OcsfMember.Actor, "actor_uuid"), (OcsfMember.ActorName, "actor_name"), (OcsfMember.ActorEmail, "actor_email"),
        (OcsfMember.ActorDetails, "actor_details"), (OcsfMember.ActorDetailsUuid, "actor_details.uuid"),
        (OcsfMember.ActorDetailsName, "actor_details.name"), (OcsfMember.ActorDetailsEmail, "actor_details.email"),
        (OcsfMember.Object, "object_uuid"), (OcsfMember.ObjectName, "object_name"), (OcsfMember.ObjectEmail, "object_email"),
        (OcsfMember.ObjectDetails, "object_details"), (OcsfMember.ObjectDetailsUuid, "object_details.uuid"),
        (OcsfMember.ObjectDetailsName, "object_details.name"), (OcsfMember.ObjectDetailsEmail, "object_details.email"),
        (OcsfMember.Aux, "aux_uuid"), (OcsfMember.AuxName, "aux_name"), (OcsfMember.AuxEmail, "aux_email"),
        (OcsfMember.AuxDetails, "aux_details"), (OcsfMember.AuxDetailsUuid, "aux_details.uuid"),
        (OcsfMember.AuxDetailsName, "aux_details.name"), (OcsfMember.AuxDetailsEmail, "aux_details.email"),
        (OcsfMember.AuxId, "aux_id"), (OcsfMember.AuxInfo, "aux_info"),
        (OcsfMember.Session, "session"), (OcsfMember.SessionUuid, "session.uuid"), (OcsfMember.SessionIp, "session.ip"),
        (OcsfMember.SessionDevice, "session.device_uuid"),
        (OcsfMember.Client, "client"), (OcsfMember.ClientIp, "client.ip_address"), (OcsfMember.ClientDevice, "client.device_uuid"),
        (OcsfMember.ClientSystem, "client.os_name"), (OcsfMember.ClientSystemVersion, "client.os_version"),
        (OcsfMember.Location, "location"), (OcsfMember.City, "location.city"), (OcsfMember.Region, "location.region"),
        (OcsfMember.Country, "location.country"), (OcsfMember.Latitude, "location.latitude"),
        (OcsfMember.Longitude, "location.longitude"), (OcsfMember.CountryAlone, "country"),
        (OcsfMember.SessionAlone, "session_uuid"), (OcsfMember.Category, "category"), (OcsfMember.Type, "type"),
        (OcsfMember.TargetUser, "target_user"), (OcsfMember.TargetUserUuid, "target_user.uuid"),
        (OcsfMember.TargetUserName, "target_user.name"), (OcsfMember.TargetUserEmail, "target_user.email"),
        (OcsfMember.User, "user"), (OcsfMember.UserUuid, "user.uuid"), (OcsfMember.UserName, "user.name"),
        (OcsfMember.UserEmail, "user.email"),
        (OcsfMember.Item, "item_uuid"), (OcsfMember.Vault, "vault_uuid"), (OcsfMember.VaultName, "vault_name"),
        (OcsfMember.Rule, "rule"), (OcsfMember.RuleId, "rule.id"), (OcsfMember.RuleTitle, "rule.title"),
        (OcsfMember.RuleLevel, "rule.level"), (OcsfMember.RuleDescription, "rule.description"), (OcsfMember.RuleTags, "rule.tags"),
        (OcsfMember.Severity, "severity"), (OcsfMember.EventIds, "eventIds"), (OcsfMember.Event, "event"),
    ];

    /// <summary>The members of an event or a finding.</summary>
    public static readonly MemberTable<OcsfMember> Outer = new(
        Paths.Where(each => !each.Path.Contains('.', StringComparison.Ordinal)).Select(each => (each.Path, each.Member))
            .Concat(Dialect.Pairs.Select(pair => (pair.Op, Paths.Single(each => each.Path == pair.Api).Member))));

    // By the object that they stand in.
    static readonly MemberTable<OcsfMember>?[] Inner = [.. Enum.GetValues<OcsfMember>().Select(TableOf)];

    static readonly byte[][] Names = [.. Enum.GetValues<OcsfMember>().Select(each => Encoding.UTF8.GetBytes(Path(each).Split('.')[^1]))];

    /// <summary>The members of an object within an event; null of what is looked at as a whole.</summary>
    public static MemberTable<OcsfMember>? Find(OcsfMember member) => Inner[(int)member];

    /// <summary>What the Events API calls it.</summary>
    public static ReadOnlySpan<byte> Name(OcsfMember member) => Names[(int)member];

    static string Path(OcsfMember member) => Paths.FirstOrDefault(each => each.Member == member).Path ?? "";

    static MemberTable<OcsfMember>? TableOf(OcsfMember member)
    {
        var within = Paths.Where(each => each.Path.StartsWith($"{Path(member)}.", StringComparison.Ordinal)).ToArray();
        return within.Length == 0
            ? null
            : new MemberTable<OcsfMember>(within.Select(each => (each.Path.Split('.')[1], each.Member)));
    }
}
