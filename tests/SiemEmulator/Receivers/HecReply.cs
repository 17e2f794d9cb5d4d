using System.Text.Json.Nodes;
using SiemEmulator.Http;

namespace SiemEmulator.Receivers;

/// <summary>
/// The refusals of the HTTP Event Collector (help.splunk.com "Troubleshoot HTTP Event Collector", table of status codes).
/// </summary>
internal sealed record HecReply(int Status, int Code, string Text)
{
    public static readonly HecReply TokenRequired = new(401, 2, "Token is required");
    public static readonly HecReply InvalidAuthorization = new(401, 3, "Invalid authorization");
    public static readonly HecReply InvalidToken = new(403, 4, "Invalid token");
    public static readonly HecReply NoData = new(400, 5, "No data");
    public static readonly HecReply InvalidDataFormat = new(400, 6, "Invalid data format");
    public static readonly HecReply IncorrectIndex = new(400, 7, "Incorrect index");
    public static readonly HecReply ServerBusy = new(503, 9, "Server is busy");
    public static readonly HecReply ChannelMissing = new(400, 10, "Data channel is missing");
    public static readonly HecReply InvalidChannel = new(400, 11, "Invalid data channel");
    public static readonly HecReply EventRequired = new(400, 12, "Event field is required");
    public static readonly HecReply EventBlank = new(400, 13, "Event field cannot be blank");
    public static readonly HecReply AckDisabled = new(400, 14, "ACK is disabled");
    public static readonly HecReply IndexedFields = new(400, 15, "Error in handling indexed fields");
    public static readonly HecReply QueryAuthorizationOff = new(400, 16, "Query string authorization is not enabled");

    public Reply At(int? number = null)
    {
        var answer = new JsonObject { ["text"] = Text, ["code"] = Code };
        if (number is not null)
        {
            answer["invalid-event-number"] = number;
        }

        return Reply.Json(Status, answer.ToJsonString());
    }

    /// <summary>The request as a whole.</summary>
    public Judgement Refusal() => Judgement.Refused(At(), Text);

    /// <summary>From the event after these on; these are stored.</summary>
    public Judgement Refusal(IReadOnlyList<SiemEvent> before, SiemEvent? bad) =>
        new(At(before.Count), bad is null ? before : [.. before, bad], before, $"{Text} at {before.Count}");
}
