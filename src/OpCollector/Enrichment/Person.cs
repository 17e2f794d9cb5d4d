using System.Text.Json;
using OpCollector.Events;

namespace OpCollector.Enrichment;

/// <summary>Somebody whom an event of the Events API names itself (<c>actor_details</c>, <c>user</c>, …); empty is what it does not say.</summary>
internal ref struct Person
{
    static readonly MemberTable<MemberName> Names = new(
        ("uuid", MemberName.Uuid),
        ("email", MemberName.Email),
        ("name", MemberName.Name),
        ("app_name", MemberName.Name),
        ("value", MemberName.Name));

    public ReadOnlySpan<byte> Uuid;
    public ReadOnlySpan<byte> Name;
    public ReadOnlySpan<byte> Email;

    /// <summary>What to call it by in a sentence.</summary>
    public readonly ReadOnlySpan<byte> Best => Name.IsEmpty ? Email.IsEmpty ? Uuid : Email : Name;

    /// <summary>The person in a value; nobody where it is no object.</summary>
    /// <param name="reader">Stands at the value; at its end afterwards, where it is an object.</param>
    public static Person Of(scoped ref ValidJsonReader reader)
    {
        var person = default(Person);
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return person;
        }

        while (reader.ReadName())
        {
            var name = Names.Find(reader);
            reader.ReadValue();
            switch (name)
            {
                case MemberName.Uuid:
                    person.Uuid = TextOf(reader);
                    break;
                case MemberName.Name:
                    person.Name = TextOf(reader);
                    break;
                case MemberName.Email:
                    person.Email = TextOf(reader);
                    break;
            }

            reader.Skip();
        }

        return person;
    }

    // As it is written: it goes into a sentence, and is compared with nothing.
    static ReadOnlySpan<byte> TextOf(scoped in ValidJsonReader reader) => reader.TokenType == JsonTokenType.String ? reader.Value : default;
}
