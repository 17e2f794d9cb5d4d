using System.Text.Json;
using OpCollector.Events;

namespace OpCollector.Enrichment;

/// <summary>The members of an event of the Events API that its names and its sentence are made of, of all three streams.</summary>
internal ref struct ApiMembers
{
    public EventMember Actor;
    public EventMember Object;
    public EventMember Aux;
    public EventMember Vault;
    public EventMember Item;
    public EventMember Action;
    public EventMember ObjectType;
    public EventMember AuxInfo;
    public EventMember Category;
    public EventMember Type;
    public ApiPerson ActorDetails;
    public ApiPerson ObjectDetails;
    public ApiPerson AuxDetails;

    /// <summary>Who used an item, or whom a sign-in was meant to be.</summary>
    public ApiPerson User;

    /// <summary>The client by its name, and what the firewall blocks.</summary>
    public ApiPerson Client;
    public ApiPerson Details;

    /// <summary>Which explanations it has already.</summary>
    public ApiExplanations Explained;

    /// <param name="json">A whole event, compacted.</param>
    public static ApiMembers Of(ReadOnlySpan<byte> json)
    {
        var members = default(ApiMembers);
        var reader = new Utf8JsonReader(json, PageJson.ReaderOptions);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            members.Take(ref reader, json);
            reader.Skip();
        }

        return members;
    }

    void Take(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        if (reader.ValueTextEquals("actor_uuid"u8))
        {
            Actor = EventMembers.Text(ref reader);
        }
        else if (reader.ValueTextEquals("object_uuid"u8))
        {
            Object = EventMembers.Text(ref reader);
        }
        else if (reader.ValueTextEquals("aux_uuid"u8))
        {
            Aux = EventMembers.Text(ref reader);
        }
        else if (reader.ValueTextEquals("vault_uuid"u8))
        {
            Vault = EventMembers.Text(ref reader);
        }
        else if (reader.ValueTextEquals("item_uuid"u8))
        {
            Item = EventMembers.Text(ref reader);
        }
        else if (reader.ValueTextEquals("action"u8))
        {
            Action = EventMembers.Text(ref reader);
        }
        else if (reader.ValueTextEquals("object_type"u8))
        {
            ObjectType = EventMembers.Text(ref reader);
        }
        else if (reader.ValueTextEquals("aux_info"u8))
        {
            AuxInfo = EventMembers.Text(ref reader);
        }
        else if (reader.ValueTextEquals("category"u8))
        {
            Category = EventMembers.Text(ref reader);
        }
        else if (reader.ValueTextEquals("type"u8))
        {
            Type = EventMembers.Text(ref reader);
        }
        else
        {
            TakePerson(ref reader, json);
        }
    }

    void TakePerson(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        if (reader.ValueTextEquals("actor_details"u8))
        {
            ActorDetails = ApiPerson.Of(ref reader, json);
        }
        else if (reader.ValueTextEquals("object_details"u8))
        {
            ObjectDetails = ApiPerson.Of(ref reader, json);
        }
        else if (reader.ValueTextEquals("aux_details"u8))
        {
            AuxDetails = ApiPerson.Of(ref reader, json);
        }
        else if (reader.ValueTextEquals("user"u8) || reader.ValueTextEquals("target_user"u8))
        {
            User = ApiPerson.Of(ref reader, json);
        }
        else if (reader.ValueTextEquals("client"u8))
        {
            Client = ApiPerson.Of(ref reader, json);
        }
        else if (reader.ValueTextEquals("details"u8))
        {
            Details = ApiPerson.Of(ref reader, json);
        }
        else
        {
            Explained |= Explanation(reader);
            reader.Read();
        }
    }

    static ApiExplanations Explanation(in Utf8JsonReader reader) =>
        reader.ValueTextEquals("actor_name"u8) ? ApiExplanations.ActorName
        : reader.ValueTextEquals("actor_email"u8) ? ApiExplanations.ActorEmail
        : reader.ValueTextEquals("object_name"u8) ? ApiExplanations.ObjectName
        : reader.ValueTextEquals("aux_name"u8) ? ApiExplanations.AuxName
        : reader.ValueTextEquals("aux_email"u8) ? ApiExplanations.AuxEmail
        : reader.ValueTextEquals("vault_name"u8) ? ApiExplanations.VaultName
        : reader.ValueTextEquals("stream"u8) ? ApiExplanations.Stream
        : reader.ValueTextEquals("summary"u8) ? ApiExplanations.Summary
        : ApiExplanations.None;
}
