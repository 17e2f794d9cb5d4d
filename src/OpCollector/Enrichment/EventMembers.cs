using System.Text.Encodings.Web;
using System.Text.Json;
using OpCollector.Events;

namespace OpCollector.Enrichment;

/// <summary>The members of an event that its names and its sentence are made of. Of a doubled member the last one counts.</summary>
internal ref struct EventMembers
{
    public EventMember Actor;
    public EventMember Object;
    public EventMember Aux;
    public EventMember Action;
    public EventMember ObjectType;
    public EventMember AuxInfo;

    /// <summary>Which explanations it has already.</summary>
    public Explanations Explained;

    /// <param name="json">A whole event, compacted.</param>
    public static EventMembers Of(ReadOnlySpan<byte> json)
    {
        var members = default(EventMembers);
        var reader = new Utf8JsonReader(json, PageJson.ReaderOptions);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("actorUuid"u8))
            {
                members.Actor = Text(ref reader);
            }
            else if (reader.ValueTextEquals("objectUuid"u8))
            {
                members.Object = Text(ref reader);
            }
            else if (reader.ValueTextEquals("auxUUID"u8))
            {
                members.Aux = Text(ref reader);
            }
            else if (reader.ValueTextEquals("action"u8))
            {
                members.Action = Text(ref reader);
            }
            else if (reader.ValueTextEquals("objectType"u8))
            {
                members.ObjectType = Text(ref reader);
            }
            else if (reader.ValueTextEquals("auxInfo"u8))
            {
                members.AuxInfo = Text(ref reader);
            }
            else
            {
                members.Explained |= Explanation(reader);
                reader.Read();
            }

            reader.Skip();
        }

        return members;
    }

    static Explanations Explanation(in Utf8JsonReader reader) =>
        reader.ValueTextEquals("actorName"u8) ? Explanations.ActorName
        : reader.ValueTextEquals("actorEmail"u8) ? Explanations.ActorEmail
        : reader.ValueTextEquals("objectName"u8) ? Explanations.ObjectName
        : reader.ValueTextEquals("auxName"u8) ? Explanations.AuxName
        : reader.ValueTextEquals("auxEmail"u8) ? Explanations.AuxEmail
        : reader.ValueTextEquals("summary"u8) ? Explanations.Summary
        : Explanations.None;

    static EventMember Text(scoped ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.String ? new EventMember(Plain(reader), (int)reader.BytesConsumed) : default;
    }

    // A uuid may be written with escapes, and is the same uuid. Half a character cannot be written otherwise, and stays.
    static ReadOnlySpan<byte> Plain(scoped in Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
        {
            return reader.ValueSpan;
        }

        try
        {
            return JsonEncodedText.Encode(reader.GetString()!, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes;
        }
        catch (InvalidOperationException)
        {
            return reader.ValueSpan;
        }
    }
}
