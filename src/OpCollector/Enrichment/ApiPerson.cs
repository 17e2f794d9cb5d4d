using System.Text.Json;
using OpCollector.Events;

namespace OpCollector.Enrichment;

/// <summary>Somebody whom an event of the Events API names itself (<c>actor_details</c>, <c>user</c>, …); empty is what it does not say.</summary>
internal ref struct ApiPerson
{
    public ReadOnlySpan<byte> Uuid;
    public ReadOnlySpan<byte> Name;
    public ReadOnlySpan<byte> Email;

    /// <summary>What to call it by in a sentence.</summary>
    public readonly ReadOnlySpan<byte> Best => Name.IsEmpty ? Email.IsEmpty ? Uuid : Email : Name;

    /// <summary>The person in a value; nobody where it is no object.</summary>
    /// <param name="reader">Stands at the name of the member, and behind its value afterwards.</param>
    public static ApiPerson Of(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        var person = default(ApiPerson);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return person;
        }

        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        var inner = new Utf8JsonReader(json[start..(int)reader.BytesConsumed], PageJson.ReaderOptions);
        inner.Read();
        while (inner.Read() && inner.TokenType == JsonTokenType.PropertyName)
        {
            if (inner.ValueTextEquals("uuid"u8))
            {
                person.Uuid = EventMembers.Text(ref inner).Text;
            }
            else if (inner.ValueTextEquals("name"u8) || inner.ValueTextEquals("app_name"u8) || inner.ValueTextEquals("value"u8))
            {
                person.Name = EventMembers.Text(ref inner).Text;
            }
            else if (inner.ValueTextEquals("email"u8))
            {
                person.Email = EventMembers.Text(ref inner).Text;
            }
            else
            {
                inner.Read();
            }

            inner.Skip();
        }

        return person;
    }
}
