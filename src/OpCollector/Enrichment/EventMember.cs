using System.Text.Encodings.Web;
using System.Text.Json;

namespace OpCollector.Enrichment;

/// <summary>The text of a member of an event, as it stands between its quotes, and where in the event the member ends.</summary>
/// <param name="end">0 where the event has no such member, or none that is a text.</param>
internal readonly ref struct EventMember(ReadOnlySpan<byte> text, int end)
{
    public ReadOnlySpan<byte> Text { get; } = text;

    public int End { get; } = end;

    /// <summary>The member at whose value a reader stands.</summary>
    public static EventMember Of(scoped in Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.String ? new EventMember(Plain(reader), (int)reader.BytesConsumed) : default;

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
