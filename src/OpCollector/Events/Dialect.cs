using System.Text;

namespace OpCollector.Events;

/// <summary>
/// The names that a source has for the members of its events. Both are columns of one table, from which reading, explaining, rules and
/// files take their names.
/// </summary>
internal sealed class Dialect
{
    // https://developer.1password.com/docs/events-api/reference. No name where a source has no such member.
    static readonly (EventMember Member, string? Op, string? Api)[] Table =
    [
        (EventMember.Id, "eid", "uuid"),
        (EventMember.Time, "time", "timestamp"),
        (EventMember.Actor, "actorUuid", "actor_uuid"),
        (EventMember.ActorName, "actorName", "actor_name"),
        (EventMember.ActorEmail, "actorEmail", "actor_email"),
        (EventMember.ActorDetails, null, "actor_details"),
        (EventMember.Action, "action", "action"),
        (EventMember.ObjectType, "objectType", "object_type"),
        (EventMember.Object, "objectUuid", "object_uuid"),
        (EventMember.ObjectName, "objectName", "object_name"),
        (EventMember.ObjectEmail, "objectEmail", "object_email"),
        (EventMember.ObjectDetails, null, "object_details"),
        (EventMember.AuxId, "auxId", "aux_id"),
        (EventMember.Aux, "auxUUID", "aux_uuid"),
        (EventMember.AuxName, "auxName", "aux_name"),
        (EventMember.AuxEmail, "auxEmail", "aux_email"),
        (EventMember.AuxDetails, null, "aux_details"),
        (EventMember.AuxInfo, "auxInfo", "aux_info"),
        (EventMember.Vault, null, "vault_uuid"),
        (EventMember.VaultName, null, "vault_name"),
        (EventMember.Item, null, "item_uuid"),
        (EventMember.UsedVersion, null, "used_version"),
        (EventMember.User, null, "user"),
        (EventMember.TargetUser, null, "target_user"),
        (EventMember.Session, null, "session_uuid"),
        (EventMember.Client, null, "client"),
        (EventMember.Category, null, "category"),
        (EventMember.Type, null, "type"),
        (EventMember.Details, null, "details"),
        (EventMember.Stream, null, "stream"),
        (EventMember.Summary, "summary", "summary"),
    ];

    /// <summary>op's: <c>actorUuid</c>.</summary>
    public static readonly Dialect Op = new(Table.Select(row => (row.Member, row.Op)));

    /// <summary>The Events API's: <c>actor_uuid</c>.</summary>
    public static readonly Dialect EventsApi = new(Table.Select(row => (row.Member, row.Api)));

    /// <summary>The names of both sources at once, for events whose source is not known.</summary>
    public static readonly MemberTable<EventMember> Any = new(Table.SelectMany(
        row => new[] { row.Op, row.Api }.OfType<string>().Distinct(),
        (row, name) => (name, row.Member)));

    /// <summary>Every name that a source has for a member.</summary>
    public static IEnumerable<string> Names => Table.SelectMany(row => new[] { row.Op, row.Api }).OfType<string>().Distinct();

    readonly Dictionary<EventMember, string> _names;
    readonly MemberTable<EventMember> _members;

    Dialect(IEnumerable<(EventMember Member, string? Name)> columns)
    {
        _names = columns.Where(each => each.Name is not null).ToDictionary(each => each.Member, each => each.Name!);
        _members = new MemberTable<EventMember>(_names.Select(each => (each.Value, each.Key)));
    }

    /// <summary>The members that both sources have and call differently: op's name and the Events API's.</summary>
    public static IEnumerable<(string Op, string Api)> Pairs =>
        Op._names
            .Where(each => EventsApi.Has(each.Key))
            .Select(each => (each.Value, EventsApi[each.Key]))
            .Where(pair => pair.Item1 != pair.Item2);

    /// <summary>What a member is called.</summary>
    /// <exception cref="KeyNotFoundException">This source has no such member.</exception>
    public string this[EventMember member] => _names[member];

    public bool Has(EventMember member) => _names.ContainsKey(member);

    /// <summary>What the member holds whose name a reader is at.</summary>
    public EventMember Find(in ValidJsonReader reader) => _members.Find(reader);

    /// <summary>How a member begins that is added behind another one and holds a text; nothing where this source has none such.</summary>
    public byte[]? Addition(EventMember member) => Has(member) ? Encoding.UTF8.GetBytes($",\"{this[member]}\":\"") : null;
}

/// <summary>What a member of an event holds, whatever its source calls it.</summary>
internal enum EventMember
{
    /// <summary>Any other.</summary>
    None,
    Id,
    Time,
    Actor,
    ActorName,
    ActorEmail,
    ActorDetails,
    Action,
    ObjectType,
    Object,
    ObjectName,
    ObjectEmail,
    ObjectDetails,
    AuxId,
    Aux,
    AuxName,
    AuxEmail,
    AuxDetails,
    AuxInfo,
    Vault,
    VaultName,
    Item,
    UsedVersion,
    User,
    TargetUser,
    Session,
    Client,
    Category,
    Type,
    Details,
    Stream,
    Summary,
}
