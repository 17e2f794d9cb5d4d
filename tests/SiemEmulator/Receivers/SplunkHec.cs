using System.Text.Json;
using System.Text.Json.Nodes;
using SiemEmulator.Http;

namespace SiemEmulator.Receivers;

/// <summary>
/// Splunk's HTTP Event Collector. Statuses and codes: help.splunk.com "Troubleshoot HTTP Event Collector"; that the events before a
/// bad one are indexed: moby/moby#35862, for 503 opentelemetry-collector-contrib#36113.
/// </summary>
internal sealed class SplunkHec(string token) : EventReceiver
{
    readonly HecAcknowledgements _acknowledgements = new();

    public override string Path => "/services/collector/event";

    /// <summary>The indexes that the token may write to; any when none is named.</summary>
    public IReadOnlyList<string> Indexes { get; init; } = [];

    /// <summary>Whether indexer acknowledgement is switched on for the token.</summary>
    public bool Acknowledges { get; init; }

    /// <summary>What polls are answered.</summary>
    public HecPolls Polls { get; init; }

    /// <summary>How often each acknowledgement is false before it is true.</summary>
    public int FalsePolls { get; init; }

    public override bool IsData(Head head) => head.Path is "/services/collector/event" or "/services/collector";

    protected override Judgement Read(Call call)
    {
        var head = call.Head;
        // "HTTP Event Collector REST API endpoints": health is a GET and needs no token.
        if (head.Path == "/services/collector/health" && head.Method == "GET")
        {
            return Judgement.Accepted(Reply.Json(200, """{"text":"HEC is healthy","code":17}"""), []);
        }

        if (!IsData(head) && head.Path != "/services/collector/ack")
        {
            return Judgement.Refused(
                Reply.Json(404, """{"text":"The requested URL was not found on this server.","code":404}"""), $"nothing is at {head.Path}");
        }

        if (head.Method != "POST")
        {
            return Judgement.Refused(Reply.Json(405, """{"text":"Method Not Allowed","code":405}"""), "only POST");
        }

        return Stranger(head) ?? (IsData(head) ? Data(call) : Poll(call));
    }

    // "Format events for HTTP Event Collector": Authorization: Splunk <hec_token>. A token in the query is off by default (code 16).
    Judgement? Stranger(Head head) => head.Header("Authorization") switch
    {
        null when head.Query("token") is not null => HecReply.QueryAuthorizationOff.Refusal(),
        null => HecReply.TokenRequired.Refusal(),
        var proof when !proof.StartsWith("Splunk ", StringComparison.Ordinal) => HecReply.InvalidAuthorization.Refusal(),
        var proof when proof != $"Splunk {token}" => HecReply.InvalidToken.Refusal(),
        _ => null,
    };

    // "About HTTP Event Collector Indexer Acknowledgment": with it every request names a channel, which is a GUID.
    static Judgement? WithoutChannel(Head head) => Channel(head) switch
    {
        null => HecReply.ChannelMissing.Refusal(),
        var channel when !Guid.TryParseExact(channel, "D", out _) => HecReply.InvalidChannel.Refusal(),
        _ => null,
    };

    static string? Channel(Head head) => head.Header("X-Splunk-Request-Channel") ?? head.Query("channel");

    Judgement Data(Call call)
    {
        if (Acknowledges && WithoutChannel(call.Head) is { } refusal)
        {
            return refusal;
        }

        if (call.Body.AsSpan().Trim(" \t\r\n"u8).IsEmpty)
        {
            return HecReply.NoData.Refusal();
        }

        var events = new List<SiemEvent>();
        foreach (var (each, error) in HecEnvelopes.Of(call.Body, Indexes))
        {
            if (error is not null || Poison.Contains(each!.Id))
            {
                return (error ?? HecReply.InvalidDataFormat).Refusal(events, each);
            }

            events.Add(each);
        }

        var answer = new JsonObject { ["text"] = "Success", ["code"] = 0 };
        if (Acknowledges)
        {
            answer["ackId"] = _acknowledgements.Next(Channel(call.Head)!);
        }

        return Judgement.Accepted(Reply.Json(200, answer.ToJsonString()), events);
    }

    Judgement Poll(Call call)
    {
        if (!Acknowledges || Polls == HecPolls.Disabled)
        {
            return HecReply.AckDisabled.Refusal();
        }

        if (WithoutChannel(call.Head) is { } refusal)
        {
            return refusal;
        }

        if (Polls == HecPolls.Garbage)
        {
            return Judgement.Accepted(Reply.Json(200, """{"acks":["""), []);
        }

        try
        {
            var ids = JsonNode.Parse(call.Body)!["acks"]!.AsArray().Select(id => (long)id!).ToList();
            var states = ids.Select(
                id => KeyValuePair.Create(
                    $"{id}", (JsonNode?)(Polls == HecPolls.True && _acknowledgements.IsIndexed(Channel(call.Head)!, id, FalsePolls))));
            return Judgement.Accepted(Reply.Json(200, new JsonObject { ["acks"] = new JsonObject(states) }.ToJsonString()), []);
        }
        catch (Exception ex) when (ex is JsonException or InvalidOperationException or NullReferenceException or FormatException)
        {
            return HecReply.InvalidDataFormat.Refusal();
        }
    }
}
