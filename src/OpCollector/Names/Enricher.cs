using System.Buffers;
using System.Text;
using OpCollector.Events;
using OpCollector.Names.Words;

namespace OpCollector.Names;

/// <summary>
/// Explains events: the names behind the uuids, each directly after the member it explains, and one plain sentence at the end. What the
/// event says itself is used and not said a second time; nothing else of it changes. Pure but for its buffer.
/// </summary>
/// <param name="dialect">What the source calls the members.</param>
/// <param name="size">About how many bytes the events of a page have: they are written into one piece of memory.</param>
internal sealed class Enricher(Dialect dialect, NameBook names, Vocabulary vocabulary, int size = 1024)
{
    readonly byte[]? _actorName = dialect.Addition(EventMember.ActorName);
    readonly byte[]? _actorEmail = dialect.Addition(EventMember.ActorEmail);
    readonly byte[]? _objectName = dialect.Addition(EventMember.ObjectName);
    readonly byte[]? _auxName = dialect.Addition(EventMember.AuxName);
    readonly byte[]? _auxEmail = dialect.Addition(EventMember.AuxEmail);
    readonly byte[]? _vaultName = dialect.Addition(EventMember.VaultName);
    readonly byte[]? _stream = dialect.Addition(EventMember.Stream);
    readonly byte[]? _summary = dialect.Addition(EventMember.Summary);

    readonly ArrayBufferWriter<byte> _json = new(size);

    /// <param name="stream">As the source tagged it; never guessed from the members.</param>
    /// <param name="unknown">Gets the uuids that ought to have a name, and have none; null where no source can be asked for it.</param>
    public ActivityEvent Enrich(ActivityEvent each, string stream, ICollection<UnknownName>? unknown)
    {
        var bytes = each.Bytes.Span;
        var members = new EventMembers(bytes, dialect);
        var type = vocabulary.Object(members.Text(EventMember.ObjectType));
        var actor = Find(NameKind.User, members, EventMember.Actor, EventMember.ActorDetails, each, unknown);
        var target = Find(type.Object, members, EventMember.Object, EventMember.ObjectDetails, each, unknown);
        var aux = Find(type.Aux, members, EventMember.Aux, EventMember.AuxDetails, each, unknown);
        var vault = Find(NameKind.Vault, members, EventMember.Vault, EventMember.None, each, unknown);
        var start = _json.WrittenCount;
        var written = Insertions.Write(
            _json,
            bytes,
            [
                Behind(EventMember.Actor, actor, (EventMember.ActorName, _actorName), (EventMember.ActorEmail, _actorEmail), members),
                Behind(EventMember.Object, target, (EventMember.ObjectName, _objectName), default, members),
                Behind(EventMember.Aux, aux, (EventMember.AuxName, _auxName), (EventMember.AuxEmail, _auxEmail), members),
                Behind(EventMember.Vault, vault, (EventMember.VaultName, _vaultName), default, members),
            ]);
        written = Append(bytes, written, stream, members, vault, new SentenceValues
        {
            Actor = Best(members, EventMember.Actor, EventMember.ActorDetails, actor),
            Object = Best(members, EventMember.Object, EventMember.ObjectDetails, target),
            Aux = Best(members, EventMember.Aux, EventMember.AuxDetails, aux),
            AuxInfo = members.Text(EventMember.AuxInfo),
            Action = members.Text(EventMember.Action),
            Type = members.Text(EventMember.ObjectType),
            It = type.As,
        });
        if (written == 0)
        {
            return each;
        }

        _json.Write(bytes[written..]);
        return each with { Bytes = _json.WrittenMemory[start..] };
    }

    /// <summary>Adds the stream and the sentence to the end of an event that does not have them.</summary>
    /// <returns>How many bytes of the event are written now.</returns>
    int Append(
        ReadOnlySpan<byte> bytes, int written, string stream, in EventMembers members, EncodedName? vault, in SentenceValues values)
    {
        var tag = Missing((EventMember.Stream, _stream), members);
        // An event of op that tells no action says nothing that a sentence could be made of.
        var summary = _stream is null && members.Text(EventMember.Action).IsEmpty
            ? null
            : Missing((EventMember.Summary, _summary), members);
        if (tag is null && summary is null)
        {
            return written;
        }

        // Of an event without members there is no comma to go on with; no source has one, since each has its id.
        _json.Write(bytes[written..^1]);
        if (tag is not null)
        {
            _json.Write(tag);
            Encoding.UTF8.GetBytes(stream, _json);
            _json.Write("\""u8);
        }

        if (summary is not null)
        {
            _json.Write(summary);
            WriteSentence(stream, members, vault, values);
            _json.Write("\""u8);
        }

        return bytes.Length - 1;
    }

    void WriteSentence(string stream, in EventMembers members, EncodedName? vault, in SentenceValues audit)
    {
        var (category, type, action) = (EventMember.Category, EventMember.Type, EventMember.Action);
        switch (stream)
        {
            case Streams.SignIn:
                vocabulary.SignIn(members.Text(category), members.Text(type)).WriteTo(_json, new SentenceValues
                {
                    Actor = members.Details(EventMember.TargetUser).Best,
                    Aux = members.Details(EventMember.Client).Best,
                    AuxInfo = members.Details(EventMember.Details).Best,
                    Action = members.Text(category),
                    Type = members.Text(type),
                    It = audit.It,
                });
                break;
            case Streams.ItemUsage:
                vocabulary.Usage(audit.Action).WriteTo(_json, new SentenceValues
                {
                    Actor = members.Details(EventMember.User).Best,
                    Object = vault is null ? members.Text(EventMember.Vault) : vault.Best,
                    Aux = members.Text(EventMember.Item),
                    Action = audit.Action,
                    It = audit.It,
                });
                break;
            default:
                vocabulary.Sentence(audit.Type, audit.Action).WriteTo(_json, audit);
                break;
        }
    }

    // A person whom the event names itself needs no name from a list.
    EncodedName? Find(
        NameKind? kind,
        in EventMembers members,
        EventMember uuid,
        EventMember details,
        ActivityEvent each,
        ICollection<UnknownName>? unknown)
    {
        var text = members.Text(uuid);
        if (text.IsEmpty || members.Details(details) is { IsKnown: true })
        {
            return null;
        }

        var name = names.Find(kind, text);
        if (name is null && kind is { } wanted)
        {
            unknown?.Add(new UnknownName(wanted, Encoding.UTF8.GetString(text), each.Time));
        }

        return name;
    }

    static ReadOnlySpan<byte> Best(in EventMembers members, EventMember uuid, EventMember details, EncodedName? found) =>
        members.Details(details).Best is { IsEmpty: false } told ? told : found is null ? members.Text(uuid) : found.Best;

    static Insertion Behind(
        EventMember uuid,
        EncodedName? found,
        (EventMember Member, byte[]? Beginning) name,
        (EventMember Member, byte[]? Beginning) email,
        in EventMembers members) =>
        new(members.End(uuid), found, Missing(name, members), Missing(email, members));

    static byte[]? Missing((EventMember Member, byte[]? Beginning) addition, in EventMembers members) =>
        members.Has(addition.Member) ? null : addition.Beginning;
}
