using System.Buffers;
using OpCollector.Events;

namespace OpCollector.Enrichment;

/// <summary>
/// Explains events: the names behind the uuids, each directly after the member it explains, and one plain sentence at the end.
/// Nothing of the event itself changes, and what it has already is not added. Pure but for its buffer.
/// </summary>
internal sealed class Enricher(NameBook names, Vocabulary vocabulary)
{
    static readonly byte[] ActorName = ",\"actorName\":\""u8.ToArray();
    static readonly byte[] ActorEmail = ",\"actorEmail\":\""u8.ToArray();
    static readonly byte[] ObjectName = ",\"objectName\":\""u8.ToArray();
    static readonly byte[] AuxName = ",\"auxName\":\""u8.ToArray();
    static readonly byte[] AuxEmail = ",\"auxEmail\":\""u8.ToArray();

    readonly ArrayBufferWriter<byte> _json = new(1024);

    /// <param name="unknown">Gets the uuids that ought to have a name, and have none.</param>
    public ActivityEvent Enrich(ActivityEvent each, ICollection<UnknownName> unknown)
    {
        var bytes = each.Bytes.Span;
        var members = EventMembers.Of(bytes);
        var type = vocabulary.Object(members.ObjectType.Text);
        var actor = Find(NameKind.User, members.Actor, each, unknown);
        var target = Find(type.Object, members.Object, each, unknown);
        var aux = Find(type.Aux, members.Aux, each, unknown);
        _json.ResetWrittenCount();
        var written = Explain(
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
        return each with { Bytes = _json.WrittenSpan.ToArray() };
    }

    /// <summary>Writes the event as far as it is explained, in the order of its members.</summary>
    /// <returns>How much of the event is written.</returns>
    int Explain(ReadOnlySpan<byte> bytes, ReadOnlySpan<Insertion> insertions)
    {
        var written = 0;
        for (var next = Next(insertions, written); next.At > 0; next = Next(insertions, written))
        {
            _json.Write(bytes[written..next.At]);
            written = next.At;
            Add(next.NameMember, next.Name!.Name);
            Add(next.EmailMember, next.Name.Email);
        }

        return written;
    }

    static Insertion Next(ReadOnlySpan<Insertion> insertions, int written)
    {
        var next = default(Insertion);
        foreach (var each in insertions)
        {
            if (each.Name is not null && each.At > written && (next.At == 0 || each.At < next.At))
            {
                next = each;
            }
        }

        return next;
    }

    void Add(byte[]? member, byte[] text)
    {
        if (member is not null && text.Length > 0)
        {
            _json.Write(member);
            _json.Write(text);
            _json.Write("\""u8);
        }
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
