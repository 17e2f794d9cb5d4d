using System.Text.Json;

namespace SiemEmulator;

/// <summary>One event as a receiver took it: its id, its text, and the key by which the receiver itself knows duplicates.</summary>
internal sealed record SiemEvent(string Id, string Text, string? Key = null)
{
    /// <summary>An event names itself by <c>eid</c>, <c>uuid</c> or <c>id</c>; else the receiver's key has to do.</summary>
    public static SiemEvent Of(JsonElement json, string? key = null) => new(Name(json) ?? key ?? "(none)", json.GetRawText(), key);

    static string? Name(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        if (json.TryGetProperty("eid", out var eid) && eid.ValueKind == JsonValueKind.Number)
        {
            return eid.GetRawText();
        }

        return Member(json, "uuid") ?? Member(json, "id");
    }

    static string? Member(JsonElement json, string member) =>
        json.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
