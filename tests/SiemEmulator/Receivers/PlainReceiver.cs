using System.Globalization;
using System.Text.Json;
using SiemEmulator.Http;

namespace SiemEmulator.Receivers;

/// <summary>A webhook that takes a request as a whole or not at all, without envelopes.</summary>
internal abstract class PlainReceiver(string mediaType) : EventReceiver
{
    public override string Path => "/hook";

    /// <summary>What it answers when it took the events.</summary>
    public int Success { get; init; } = 200;

    protected override Judgement Read(Call call)
    {
        if (call.Head.Path != Path)
        {
            return Refused(404, $"nothing is at {call.Head.Path}");
        }

        if (call.Head.Method != "POST")
        {
            return Refused(405, "only POST") with { Reply = new Reply(405, "", "Allow: POST") };
        }

        // RFC 9110 §15.5.16: a media type that is not the format's is answered with 415.
        if (!call.Head.IsOf(mediaType))
        {
            return Refused(415, $"'{call.Head.Header("Content-Type")}' is not {mediaType}");
        }

        IReadOnlyList<SiemEvent> events;
        try
        {
            events = Parse(call.Body);
        }
        catch (JsonException ex)
        {
            return Refused(400, ex.Message);
        }

        return events.FirstOrDefault(each => Poison.Contains(each.Id)) is { } poison
            ? Refused(400, $"{poison.Id} is not an event", events)
            : Judgement.Accepted(
                Reply.Json(Success, string.Create(CultureInfo.InvariantCulture, $$"""{"accepted":{{events.Count}}}""")), events);
    }

    /// <summary>The events of a body; a body that is not the format's is a <see cref="JsonException"/>.</summary>
    protected abstract IReadOnlyList<SiemEvent> Parse(ReadOnlyMemory<byte> body);

    protected static SiemEvent Object(JsonElement json) => json.ValueKind == JsonValueKind.Object
        ? SiemEvent.Of(json)
        : throw new JsonException($"an event is an object, not {json.ValueKind}");
}
