using OpCollector.Detection.Sigma.Matching;
using OpCollector.Events;

namespace OpCollector.Detection.Findings;

/// <summary>
/// Finds who and what is in an event. In the audit stream the type of the object says what the uuids are; who acts comes first.
/// </summary>
internal sealed class EntityReader(FieldTable fields)
{
    // https://developer.1password.com/docs/events-api/reference
    static readonly string[] OnVaults = ["vault", "uva", "gva", "items", "item", "vaultkey", "file"];
    static readonly string[] OnGroups = ["group", "gm"];
    static readonly string[] OnUsers = ["user", "invite", "miguser"];
    static readonly string[] AuxIsUser = ["uva", "gm", "user"];

    readonly int[] _actor = Person(fields, "actor_uuid", "actor_email", "actor_name");
    readonly int[] _object = Person(fields, "object_uuid", "object_email", "object_name");
    readonly int[] _aux = Person(fields, "aux_uuid", "aux_email", "aux_name");
    readonly int[] _user = Person(fields, "user.uuid", "user.email", "user.name");
    readonly int[] _target = Person(fields, "target_user.uuid", "target_user.email", "target_user.name");
    readonly int _type = fields.Slot("object_type");
    readonly int _vault = fields.Slot("vault_uuid");
    readonly int _item = fields.Slot("item_uuid");
    readonly int _device = fields.Slot("session.device_uuid");
    readonly int[] _addresses = [fields.Slot("client.ip_address"), fields.Slot("session.ip")];

    public Entities Read(EventView view, string stream)
    {
        var type = view.FirstText(_type)?.ToLowerInvariant() ?? "";
        var (on, with) = stream == Streams.Audit ? (view.FirstText(_object[0]), view.FirstText(_aux[0])) : (null, null);
        return new Entities(
            Users(view, stream, type),
            Known([.. _addresses.Select(view.FirstText)]),
            Known(view.FirstText(_vault), OnVaults.Contains(type) ? on : null),
            Known(OnGroups.Contains(type) ? on : null, type == "gva" ? with : null),
            Known(view.FirstText(_item)),
            Known(view.FirstText(_device), type == "device" ? on : null));
    }

    IReadOnlyList<UserEntity> Users(EventView view, string stream, string type)
    {
        int[][] people = stream switch
        {
            Streams.SignIn => [_target],
            Streams.ItemUsage => [_user],
            _ => [_actor, OnUsers.Contains(type) ? _object : [], AuxIsUser.Contains(type) ? _aux : []],
        };
        return [.. people.Where(slots => slots.Length > 0)
            .Select(slots => view.FirstText(slots[0]) is { } uuid
                ? new UserEntity(uuid, view.FirstText(slots[1]), view.FirstText(slots[2]))
                : null)
            .OfType<UserEntity>()
            .DistinctBy(user => user.Uuid)];
    }

    static IReadOnlyList<string> Known(params string?[] values) => [.. values.OfType<string>().Distinct()];

    static int[] Person(FieldTable fields, string uuid, string email, string name) =>
        [fields.Slot(uuid), fields.Slot(email), fields.Slot(name)];
}
