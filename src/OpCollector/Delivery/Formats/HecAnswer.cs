using System.Text;
using System.Text.Json;
using OpCollector.Events;

namespace OpCollector.Delivery.Formats;

/// <summary>What Splunk's HTTP Event Collector says in the body of an answer.</summary>
/// <param name="Code">0 for success; the others are in Splunk's list of error codes.</param>
/// <param name="FirstInvalid">How many events were taken before the one that was not.</param>
/// <param name="AcknowledgementId">What to ask after, where events are acknowledged once they are indexed.</param>
internal sealed record HecAnswer(int Code, int? FirstInvalid, long? AcknowledgementId)
{
    /// <summary>Whether it says that the request held nothing, which it says to those alone whom it knows.</summary>
    public bool IsNoData => Code == 5;

    // Token disabled, required, invalid, unknown.
    public bool IsRefusal => Code is 1 or 2 or 3 or 4;

    // Index, channel, acknowledgement, query-string token: no event is to blame, and none will ever be taken.
    public bool IsMisconfiguration => Code is 7 or 10 or 11 or 14 or 16 or 21 or 22;

    /// <summary>Null where the body is not an answer of Splunk.</summary>
    public static HecAnswer? Read(ReadOnlyMemory<byte> body)
    {
        using var json = SafeJson.TryParseAnswer(body);
        return json?.RootElement is { } root && Number(root, "code"u8) is { } code
            ? new HecAnswer(code, Number(root, "invalid-event-number"u8), AcknowledgementIdOf(root))
            : null;
    }

    /// <summary>Whether an answer of <c>/ack</c> says that the events are indexed; null where it says nothing about them.</summary>
    public static bool? IsAcknowledged(ReadOnlyMemory<byte> body, long acknowledgementId)
    {
        using var json = SafeJson.TryParseAnswer(body);
        var isIndexed = json?.RootElement.Member("acks"u8)?.Member(Encoding.UTF8.GetBytes($"{acknowledgementId}"));
        return isIndexed is { ValueKind: JsonValueKind.True or JsonValueKind.False } flag ? flag.GetBoolean() : null;
    }

    static long? AcknowledgementIdOf(JsonElement element) =>
        element.Member("ackId"u8) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var number) ? number : null;

    static int? Number(JsonElement element, ReadOnlySpan<byte> name) =>
        element.Member(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out var number) ? number : null;
}
