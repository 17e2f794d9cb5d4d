namespace OpCollector.Delivery.Forms;

/// <summary>Whom or what an audit event names: who acted, the object, or what stands beside it. Each text has its quotes.</summary>
internal sealed class OcsfThing
{
    readonly byte[] _uid;
    readonly byte[] _name;
    readonly byte[] _email;

    OcsfThing(
        TakenMembers members, ReadOnlySpan<byte> uuid, ReadOnlySpan<byte> details, ReadOnlySpan<byte> name, ReadOnlySpan<byte> email)
    {
        var more = members.Object(details);
        more.Text("uuid"u8);
        _uid = members.Text(uuid).ToArray();
        _name = FirstOf(more.Text("name"u8), members.Text(name));
        _email = FirstOf(more.Text("email"u8), members.Text(email));
    }

    public static OcsfThing Actor(TakenMembers members) =>
        new(members, "actor_uuid"u8, "actor_details"u8, "actor_name"u8, "actor_email"u8);

    public static OcsfThing Object(TakenMembers members) =>
        new(members, "object_uuid"u8, "object_details"u8, "object_name"u8, "object_email"u8);

    public static OcsfThing Aux(TakenMembers members) => new(members, "aux_uuid"u8, "aux_details"u8, "aux_name"u8, "aux_email"u8);

    public bool IsKnown => _uid.Length + _name.Length > 0;

    public void WriteUser(NestedJson json, ReadOnlySpan<byte> member) => OcsfParts.WriteUser(json, member, _uid, _name, _email);

    /// <summary>Writes it as something that has a name and an id; where neither is known, by its type.</summary>
    /// <param name="type">Nothing where the member says it already.</param>
    public void WriteNamed(NestedJson json, ReadOnlySpan<byte> member, ReadOnlySpan<byte> type)
    {
        json.Open(member);
        json.Raw("uid"u8, _uid);
        json.Raw("name"u8, IsKnown ? _name : type.IsEmpty ? "\"unknown\""u8 : type);
        json.Raw("type"u8, type);
        json.Close();
    }

    /// <summary>Writes it as the only resource that something was about.</summary>
    public void WriteResource(NestedJson json, ReadOnlySpan<byte> type)
    {
        if (IsKnown)
        {
            json.OpenList("resources"u8);
            json.Open();
            json.Raw("uid"u8, _uid);
            json.Raw("name"u8, _name);
            json.Text("type"u8, type);
            json.Close();
            json.CloseList();
        }
    }

    static byte[] FirstOf(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second) => (first.IsEmpty ? second : first).ToArray();
}
