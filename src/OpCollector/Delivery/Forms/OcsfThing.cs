namespace OpCollector.Delivery.Forms;

/// <summary>Whom or what an audit event names: who acted, the object, or what stands beside it. Each text has its quotes.</summary>
internal sealed class OcsfThing
{
    readonly byte[] _uid;
    readonly byte[] _name;
    readonly byte[] _email;

    /// <param name="name">What the members of it begin with, such as <c>actor</c>.</param>
    public OcsfThing(TakenMembers members, string name)
    {
        byte[] Named(string member) => System.Text.Encoding.UTF8.GetBytes($"{name}_{member}");
        var details = members.Object(Named("details"));
        details.Text("uuid"u8);
        _uid = members.Text(Named("uuid")).ToArray();
        _name = FirstOf(details.Text("name"u8), members.Text(Named("name")));
        _email = FirstOf(details.Text("email"u8), members.Text(Named("email")));
    }

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
