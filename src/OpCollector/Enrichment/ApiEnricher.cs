using System.Buffers;
using System.Text;
using OpCollector.Events;

namespace OpCollector.Enrichment;

/// <summary>
/// Explains events of the Events API as <see cref="Enricher"/> does those of op. What the API tells of people itself is used and
/// not said a second time; names of vaults and groups it never tells. Pure but for its buffer.
/// </summary>
/// <param name="size">About how many bytes the events have that it is for: what comes of them lies in one piece of memory.</param>
internal sealed class ApiEnricher(NameBook names, Vocabulary vocabulary, int size = 1024)
{
    static readonly byte[] ActorName = ",\"actor_name\":\""u8.ToArray();
    static readonly byte[] ActorEmail = ",\"actor_email\":\""u8.ToArray();
    static readonly byte[] ObjectName = ",\"object_name\":\""u8.ToArray();
    static readonly byte[] AuxName = ",\"aux_name\":\""u8.ToArray();
    static readonly byte[] AuxEmail = ",\"aux_email\":\""u8.ToArray();
    static readonly byte[] VaultName = ",\"vault_name\":\""u8.ToArray();

    readonly ArrayBufferWriter<byte> _json = new(size);

    /// <param name="stream">As the source tagged it; never guessed from the members.</param>
    public ActivityEvent Enrich(ActivityEvent each, string stream)
    {
        var bytes = each.Bytes.Span;
        var members = EventMembers.OfApi(bytes);
        var type = vocabulary.Object(members.ObjectType.Text);
        var actor = Find(NameKind.User, members.Actor, members.ActorDetails);
        var target = Find(type.Object, members.Object, members.ObjectDetails);
        var aux = Find(type.Aux, members.Aux, members.AuxDetails);
        var vault = Find(NameKind.Vault, members.Vault, default);
        var start = _json.WrittenCount;
        var written = Insertions.Write(
            _json,
            bytes,
            [
                new Insertion(members.Actor.End, actor, Unless(Explanations.ActorName, ActorName, members), Unless(Explanations.ActorEmail, ActorEmail, members)),
                new Insertion(members.Object.End, target, Unless(Explanations.ObjectName, ObjectName, members), null),
                new Insertion(members.Aux.End, aux, Unless(Explanations.AuxName, AuxName, members), Unless(Explanations.AuxEmail, AuxEmail, members)),
                new Insertion(members.Vault.End, vault, Unless(Explanations.VaultName, VaultName, members), null),
            ]);
        _json.Write(bytes[written..^1]);
        // Of an event without members there is no comma to go on with; the source has none such, since each has its uuid.
        if (!members.Explained.HasFlag(Explanations.Stream))
        {
            Encoding.UTF8.GetBytes($",\"stream\":\"{stream}\"", _json);
        }

        if (!members.Explained.HasFlag(Explanations.Summary))
        {
            WriteSummary(stream, members, type, new Words
            {
                Actor = Best(members.ActorDetails, actor, members.Actor),
                Object = Best(members.ObjectDetails, target, members.Object),
                Aux = Best(members.AuxDetails, aux, members.Aux),
                AuxInfo = members.AuxInfo.Text,
                Action = members.Action.Text,
                Type = members.ObjectType.Text,
                It = type.As,
            }, vault);
        }

        _json.Write("}"u8);
        return each with { Bytes = _json.WrittenMemory[start..] };
    }

    void WriteSummary(string stream, in EventMembers members, VocabularyObject type, in Words audit, EncodedName? vault)
    {
        _json.Write(",\"summary\":\""u8);
        if (stream == EventStream.SignIn.Name)
        {
            vocabulary.SignIn(members.Category.Text, members.Type.Text).WriteTo(_json, new Words { Actor = members.User.Best, Aux = members.Client.Best, AuxInfo = members.Details.Best, Action = members.Category.Text, Type = members.Type.Text, It = type.As });
        }
        else if (stream == EventStream.ItemUsage.Name)
        {
            vocabulary.Usage(members.Action.Text).WriteTo(_json, new Words { Actor = members.User.Best, Object = vault is null ? members.Vault.Text : vault.Best, Aux = members.Item.Text, Action = members.Action.Text, It = type.As });
        }
        else
        {
            vocabulary.Sentence(members.ObjectType.Text, members.Action.Text).WriteTo(_json, audit);
        }

        _json.Write("\""u8);
    }

    EncodedName? Find(NameKind? kind, EventMember uuid, Person told) =>
        uuid.Text.IsEmpty || !told.Name.IsEmpty || !told.Email.IsEmpty ? null : names.Find(kind, uuid.Text);

    static ReadOnlySpan<byte> Best(Person told, EncodedName? found, EventMember uuid) => !told.Best.IsEmpty ? told.Best : found is null ? uuid.Text : found.Best;

    static byte[]? Unless(Explanations explanation, byte[] member, in EventMembers members) => members.Explained.HasFlag(explanation) ? null : member;
}
