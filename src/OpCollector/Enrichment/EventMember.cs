using System.Text.Encodings.Web;
using System.Text.Json;
using OpCollector.Events;

namespace OpCollector.Enrichment;

/// <summary>The text of a member of an event, as it stands between its quotes, and where in the event the member ends.</summary>
/// <param name="end">0 where the event has no such member, or none that is a text.</param>
internal readonly ref struct EventMember(ReadOnlySpan<byte> text, int end)
{
    public ReadOnlySpan<byte> Text { get; } = text;

    public int End { get; } = end;

    /// <summary>The member at whose value a reader stands.</summary>
    public static EventMember Of(scoped in ValidJsonReader reader) =>
        reader.TokenType == JsonTokenType.String ? new EventMember(Plain(reader), reader.End) : default;

    // A uuid may be written with escapes, and is the same uuid. Half a character cannot be written otherwise, and stays.
    static ReadOnlySpan<byte> Plain(scoped in ValidJsonReader reader)
    {
        if (!reader.IsEscaped)
        {
            return reader.Value;
        }

        try
        {
            return JsonEncodedText.Encode(JsonText.Decode(reader.Value), JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes;
        }
        catch (ArgumentException)
        {
            return reader.Value;
        }
    }
}
