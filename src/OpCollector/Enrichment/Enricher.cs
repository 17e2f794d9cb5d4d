using System.Buffers;
using OpCollector.Events;

namespace OpCollector.Enrichment;

/// <summary>
/// Explains events: the names behind the uuids, each directly after the member it explains, and one plain sentence at the end.
/// Nothing of the event itself changes, and what it has already is not added. Pure but for its buffer.
/// </summary>
/// <param name="size">About how many bytes the events have that it is for: what comes of them lies in one piece of memory.</param>
internal sealed class Enricher(NameBook names, Vocabulary vocabulary, int size = 1024)
{
    static readonly byte[] ActorName = ",\"actorName\":\""u8.ToArray();
    static readonly byte[] ActorEmail = ",\"actorEmail\":\""u8.ToArray();
    static readonly byte[] ObjectName = ",\"objectName\":\""u8.ToArray();
    static readonly byte[] AuxName = ",\"auxName\":\""u8.ToArray();
    static readonly byte[] AuxEmail = ",\"auxEmail\":\""u8.ToArray();

    readonly ArrayBufferWriter<byte> _json = new(size);

    /// <param name="unknown">Gets the uuids that ought to have a name, and have none.</param>
    public ActivityEvent Enrich(ActivityEvent each, ICollection<UnknownName> unknown)
    {
        var bytes = each.Bytes.Span;
        var members = EventMembers.OfOp(bytes);
        var type = vocabulary.Object(members.ObjectType.Text);
        var actor = Find(NameKind.User, members.Actor, each, unknown);
        var target = Find(type.Object, members.Object, each, unknown);
        var aux = Find(type.Aux, members.Aux, each, unknown);
        var start = _json.WrittenCount;
        var written = Insertions.Write(
            _json,
            bytes,
            [
                new Insertion(members.Actor.End, actor, Unless(Explanations.ActorName, ActorName, members), Unless(Explanations.ActorEmail, ActorEmail, members)),
                new Insertion(members.Object.End, target, Unless(Explanations.ObjectName, ObjectName, members), null),
                new Insertion(members.Aux.End, aux, Unless(Explanations.AuxName, AuxName, members), Unless(Explanations.AuxEmail, AuxEmail, members)),
            ]);
        if (!members.Explained.HasFlag(Explanations.Summary) && !members.Action.Text.IsEmpty)
        {
            _json.Write(bytes[written..^1]);
            written = bytes.Length - 1;
            _json.Write(",\"summary\":\""u8);
            vocabulary.Sentence(members.ObjectType.Text, members.Action.Text).WriteTo(_json, new Words
            {
                Actor = actor is null ? members.Actor.Text : actor.Best,
                Object = target is null ? members.Object.Text : target.Best,
                Aux = aux is null ? members.Aux.Text : aux.Best,
                AuxInfo = members.AuxInfo.Text,
                Action = members.Action.Text,
                Type = members.ObjectType.Text,
                It = type.As,
            });
            _json.Write("\""u8);
        }

        if (written == 0)
        {
            return each;
        }

        _json.Write(bytes[written..]);
        return each with { Bytes = _json.WrittenMemory[start..] };
    }

    EncodedName? Find(NameKind? kind, EventMember uuid, ActivityEvent each, ICollection<UnknownName> unknown)
    {
        if (uuid.Text.IsEmpty)
        {
            return null;
        }

        var name = names.Find(kind, uuid.Text);
        if (name is null && kind is { } wanted)
        {
            unknown.Add(new UnknownName(wanted, System.Text.Encoding.UTF8.GetString(uuid.Text), each.Time));
        }

        return name;
    }

    static byte[]? Unless(Explanations explanation, byte[] member, in EventMembers members) => members.Explained.HasFlag(explanation) ? null : member;
}
