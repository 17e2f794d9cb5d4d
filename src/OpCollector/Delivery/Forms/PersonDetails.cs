using System.Buffers;
using System.Text;
using OpCollector.Events;
using OpCollector.Names;

namespace OpCollector.Delivery.Forms;

/// <summary>
/// What op's event says of a person in members of their own, as the Events API says it: <c>actor_details</c> with uuid, name and e-mail,
/// directly behind the uuid.
/// </summary>
internal readonly ref struct PersonDetails
{
    readonly RawMembers _members;
    readonly EventMember _uuid;
    readonly EventMember _name;
    readonly EventMember _email;
    readonly EventMember _details;
    readonly bool _isKnown;

    /// <param name="uuid">The member with the uuid: of who acted, of the object, or of the other object.</param>
    /// <param name="kind">What has that uuid; of anything but a person there are no details.</param>
    public PersonDetails(in RawMembers members, EventMember uuid, NameKind? kind)
    {
        _members = members;
        _uuid = uuid;
        (_name, _email, _details) = uuid switch
        {
            EventMember.Actor => (EventMember.ActorName, EventMember.ActorEmail, EventMember.ActorDetails),
            EventMember.Object => (EventMember.ObjectName, EventMember.ObjectEmail, EventMember.ObjectDetails),
            _ => (EventMember.AuxName, EventMember.AuxEmail, EventMember.AuxDetails),
        };
        var isNamed = !members[_name].IsEmpty || !members[_email].IsEmpty;
        _isKnown = kind == NameKind.User && isNamed && !members[uuid].IsEmpty;
    }

    /// <summary>Whether a member is written in the details instead of its own place.</summary>
    public bool Hold(EventMember member) => _isKnown && (member == _name || member == _email);

    /// <summary>Writes the details behind the uuid.</summary>
    /// <param name="member">What was written last.</param>
    /// <param name="value">The place of its value.</param>
    public void WriteBehind(ArrayBufferWriter<byte> to, EventMember member, Range value)
    {
        if (!_isKnown || member != _uuid || !_members.IsAt(member, value))
        {
            return;
        }

        Encoding.UTF8.GetBytes($",\"{Dialect.EventsApi[_details]}\":{{\"uuid\":", to);
        to.Write(_members[_uuid]);
        Write(to, ",\"name\":"u8, _members[_name]);
        Write(to, ",\"email\":"u8, _members[_email]);
        to.Write("}"u8);
    }

    static void Write(ArrayBufferWriter<byte> to, ReadOnlySpan<byte> beginning, ReadOnlySpan<byte> value)
    {
        to.Write(value.IsEmpty ? default : beginning);
        to.Write(value);
    }
}
