using System.Text.Json;
using OpCollector.Events;

namespace OpCollector.Names;

/// <summary>
/// An object in which an event of the Events API names a person, a client or a blocked value itself (<c>actor_details</c>, <c>client</c>,
/// <c>details</c>, …); empty is what it does not say.
/// </summary>
internal readonly ref struct EventDetails
{
    // A client is called by its name, and what the firewall blocks by its value.
    static readonly MemberTable<Part> Parts = new(
        ("uuid", Part.Uuid),
        ("email", Part.Email),
        ("name", Part.Name),
        ("app_name", Part.Name),
        ("value", Part.Name));

    readonly ReadOnlySpan<byte> _uuid;

    /// <param name="json">Begins with the object.</param>
    public EventDetails(ReadOnlySpan<byte> json)
    {
        var reader = new ValidJsonReader(json);
        reader.ReadValue();
        while (reader.ReadName())
        {
            var part = Parts.Find(reader);
            reader.ReadValue();
            // As it is written: it goes into a sentence, and is compared with nothing.
            var text = reader.TokenType == JsonTokenType.String ? reader.Value : default;
            switch (part)
            {
                case Part.Uuid:
                    _uuid = text;
                    break;
                case Part.Name:
                    Name = text;
                    break;
                case Part.Email:
                    Email = text;
                    break;
            }

            reader.Skip();
        }
    }

    enum Part
    {
        /// <summary>Any other.</summary>
        None,
        Uuid,
        Name,
        Email,
    }

    public ReadOnlySpan<byte> Name { get; }

    public ReadOnlySpan<byte> Email { get; }

    /// <summary>Whether it has a name or an address, and not a uuid alone.</summary>
    public bool IsKnown => !Name.IsEmpty || !Email.IsEmpty;

    /// <summary>What to call it by in a sentence.</summary>
    public ReadOnlySpan<byte> Best => Name.IsEmpty ? Email.IsEmpty ? _uuid : Email : Name;
}
