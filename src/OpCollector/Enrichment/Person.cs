using System.Text.Json;

namespace OpCollector.Enrichment;

/// <summary>Somebody whom an event of the Events API names itself (<c>actor_details</c>, <c>user</c>, …); empty is what it does not say.</summary>
internal ref struct Person
{
    public ReadOnlySpan<byte> Uuid;
    public ReadOnlySpan<byte> Name;
    public ReadOnlySpan<byte> Email;

    /// <summary>What to call it by in a sentence.</summary>
    public readonly ReadOnlySpan<byte> Best => Name.IsEmpty ? Email.IsEmpty ? Uuid : Email : Name;

    /// <summary>The person in a value; nobody where it is no object.</summary>
    /// <param name="reader">Stands at the value; at its end afterwards, where it is an object.</param>
    public static Person Of(scoped ref Utf8JsonReader reader)
    {
        var person = default(Person);
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return person;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (isUuid, isEmail) = (reader.ValueTextEquals("uuid"u8), reader.ValueTextEquals("email"u8));
            var isName = reader.ValueTextEquals("name"u8) || reader.ValueTextEquals("app_name"u8) || reader.ValueTextEquals("value"u8);
            reader.Read();
            if (isUuid)
            {
                person.Uuid = EventMember.Of(reader).Text;
            }
            else if (isName)
            {
                person.Name = EventMember.Of(reader).Text;
            }
            else if (isEmail)
            {
                person.Email = EventMember.Of(reader).Text;
            }

            reader.Skip();
        }

        return person;
    }
}
