using OpCollector.Events;

namespace OpCollector.Enrichment;

/// <summary>
/// The members of an event that its names and its sentence are made of, whatever source and stream it comes from. Of a doubled
/// member the last one counts.
/// </summary>
internal ref struct EventMembers
{
    static readonly MemberTable<MemberName> OpNames = new(
        ("actorUuid", MemberName.Actor),
        ("objectUuid", MemberName.Object),
        ("auxUUID", MemberName.Aux),
        ("action", MemberName.Action),
        ("objectType", MemberName.ObjectType),
        ("auxInfo", MemberName.AuxInfo));

    static readonly MemberTable<Explanations> OpExplanations = new(
        ("actorName", Explanations.ActorName),
        ("actorEmail", Explanations.ActorEmail),
        ("objectName", Explanations.ObjectName),
        ("auxName", Explanations.AuxName),
        ("auxEmail", Explanations.AuxEmail),
        ("summary", Explanations.Summary));

    static readonly MemberTable<MemberName> ApiNames = new(
        ("actor_uuid", MemberName.Actor),
        ("object_uuid", MemberName.Object),
        ("aux_uuid", MemberName.Aux),
        ("vault_uuid", MemberName.Vault),
        ("item_uuid", MemberName.Item),
        ("action", MemberName.Action),
        ("object_type", MemberName.ObjectType),
        ("aux_info", MemberName.AuxInfo),
        ("category", MemberName.Category),
        ("type", MemberName.Type),
        ("actor_details", MemberName.ActorDetails),
        ("object_details", MemberName.ObjectDetails),
        ("aux_details", MemberName.AuxDetails),
        ("user", MemberName.User),
        ("target_user", MemberName.User),
        ("client", MemberName.Client),
        ("details", MemberName.Details));

    static readonly MemberTable<Explanations> ApiExplanations = new(
        ("actor_name", Explanations.ActorName),
        ("actor_email", Explanations.ActorEmail),
        ("object_name", Explanations.ObjectName),
        ("aux_name", Explanations.AuxName),
        ("aux_email", Explanations.AuxEmail),
        ("vault_name", Explanations.VaultName),
        ("stream", Explanations.Stream),
        ("summary", Explanations.Summary));

    public EventMember Actor;
    public EventMember Object;
    public EventMember Aux;
    public EventMember Action;
    public EventMember ObjectType;
    public EventMember AuxInfo;

    /// <summary>Of the Events API alone, from here on.</summary>
    public EventMember Vault;
    public EventMember Item;
    public EventMember Category;
    public EventMember Type;
    public Person ActorDetails;
    public Person ObjectDetails;
    public Person AuxDetails;

    /// <summary>Who used an item, or whom a sign-in was meant to be.</summary>
    public Person User;

    /// <summary>The client by its name, and what the firewall blocks.</summary>
    public Person Client;
    public Person Details;

    /// <summary>Which explanations it has already.</summary>
    public Explanations Explained;

    /// <param name="json">A whole event of op, compacted.</param>
    public static EventMembers OfOp(ReadOnlySpan<byte> json) => Of(json, OpNames, OpExplanations);

    /// <param name="json">A whole event of the Events API, compacted.</param>
    public static EventMembers OfApi(ReadOnlySpan<byte> json) => Of(json, ApiNames, ApiExplanations);

    static EventMembers Of(ReadOnlySpan<byte> json, MemberTable<MemberName> names, MemberTable<Explanations> explanations)
    {
        var members = default(EventMembers);
        var reader = new ValidJsonReader(json);
        reader.ReadValue();
        while (reader.ReadName())
        {
            var name = names.Find(reader);
            if (name == MemberName.None)
            {
                members.Explained |= explanations.Find(reader);
            }

            reader.ReadValue();
            members.Take(name, ref reader);
            reader.Skip();
        }

        return members;
    }

    void Take(MemberName name, scoped ref ValidJsonReader reader)
    {
        switch (name)
        {
            case MemberName.Actor:
                Actor = EventMember.Of(reader);
                break;
            case MemberName.Object:
                Object = EventMember.Of(reader);
                break;
            case MemberName.Aux:
                Aux = EventMember.Of(reader);
                break;
            case MemberName.Vault:
                Vault = EventMember.Of(reader);
                break;
            case MemberName.Item:
                Item = EventMember.Of(reader);
                break;
            case MemberName.Action:
                Action = EventMember.Of(reader);
                break;
            case MemberName.ObjectType:
                ObjectType = EventMember.Of(reader);
                break;
            case MemberName.AuxInfo:
                AuxInfo = EventMember.Of(reader);
                break;
            case MemberName.Category:
                Category = EventMember.Of(reader);
                break;
            case MemberName.Type:
                Type = EventMember.Of(reader);
                break;
            case MemberName.ActorDetails:
                ActorDetails = Person.Of(ref reader);
                break;
            case MemberName.ObjectDetails:
                ObjectDetails = Person.Of(ref reader);
                break;
            case MemberName.AuxDetails:
                AuxDetails = Person.Of(ref reader);
                break;
            case MemberName.User:
                User = Person.Of(ref reader);
                break;
            case MemberName.Client:
                Client = Person.Of(ref reader);
                break;
            case MemberName.Details:
                Details = Person.Of(ref reader);
                break;
        }
    }
}
