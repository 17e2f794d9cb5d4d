namespace OpCollector.Delivery.Forms;

/// <summary>Whom or what an audit event names: who acted, the object, or the other object. Each text has its quotes.</summary>
internal readonly ref struct OcsfEntity
{
    readonly OcsfMembers _members;
    readonly ReadOnlySpan<byte> _uid;
    readonly ReadOnlySpan<byte> _name;
    readonly OcsfPerson _own;
    readonly OcsfPerson _details;

    OcsfEntity(OcsfMembers members, OcsfPerson own, OcsfPerson details)
    {
        (_members, _own, _details) = (members, own, details);
        _uid = members.Peek(own.Uuid);
        _name = members.Peek(details.Name);
        _name = _name.IsEmpty ? members.Peek(own.Name) : _name;
    }

    public static OcsfEntity Actor(OcsfMembers members) => new(
        members,
        new OcsfPerson(OcsfMember.Actor, OcsfMember.ActorName, OcsfMember.ActorEmail),
        new OcsfPerson(OcsfMember.ActorDetailsUuid, OcsfMember.ActorDetailsName, OcsfMember.ActorDetailsEmail));

    public static OcsfEntity Object(OcsfMembers members) => new(
        members,
        new OcsfPerson(OcsfMember.Object, OcsfMember.ObjectName, OcsfMember.ObjectEmail),
        new OcsfPerson(OcsfMember.ObjectDetailsUuid, OcsfMember.ObjectDetailsName, OcsfMember.ObjectDetailsEmail));

    public static OcsfEntity Aux(OcsfMembers members) => new(
        members,
        new OcsfPerson(OcsfMember.Aux, OcsfMember.AuxName, OcsfMember.AuxEmail),
        new OcsfPerson(OcsfMember.AuxDetailsUuid, OcsfMember.AuxDetailsName, OcsfMember.AuxDetailsEmail));

    public bool IsKnown => _uid.Length + _name.Length > 0;

    public void WriteUser(NestedJson json, ReadOnlySpan<byte> member)
    {
        TakeMembers();
        var email = _members.Text(_own.Email);
        var told = _members.Text(_details.Email);
        OcsfParts.WriteUser(json, member, _uid, _name, told.IsEmpty ? email : told);
    }

    /// <summary>Writes it as something that has a name and an id; where neither is known, by its type.</summary>
    /// <param name="type">Nothing where the member says it already.</param>
    public void WriteNamed(NestedJson json, ReadOnlySpan<byte> member, ReadOnlySpan<byte> type)
    {
        TakeMembers();
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
            TakeMembers();
            json.OpenList("resources"u8);
            json.Open();
            json.Raw("uid"u8, _uid);
            json.Raw("name"u8, _name);
            json.Text("type"u8, type);
            json.Close();
            json.CloseList();
        }
    }

    // Not before it is written: what has no place in a class is part of the rest.
    void TakeMembers()
    {
        _members.Text(_details.Uuid);
        _members.Text(_details.Name);
        _members.Text(_own.Uuid);
        _members.Text(_own.Name);
    }
}
