using System.Text;
using System.Text.Json;
using OpCollector.Events;

namespace OpCollector.Delivery.Forms;

/// <summary>What every class of the Open Cybersecurity Schema Framework has: its numbers, the time, and where it comes from.</summary>
internal static class OcsfBeginning
{
    // The version of the framework whose classes and numbers these are.
    static readonly byte[] Version = "\"1.9.0-dev\""u8.ToArray();

    /// <param name="activity">What was done, where it has no number: with its quotes.</param>
    public static void Write(
        NestedJson json, OcsfClass of, ReadOnlySpan<byte> activity, int severity, TakenMembers members, ActivityEvent item, string log)
    {
        json.Number("activity_id"u8, of.Activity);
        json.Raw("activity_name"u8, activity);
        json.Number("category_uid"u8, of.Category);
        json.Number("class_uid"u8, of.Uid);
        json.Number("type_uid"u8, of.Type);
        json.Number("severity_id"u8, severity);
        json.Number("time"u8, item.UsableTime?.ToUnixTimeMilliseconds() ?? 0);
        json.Raw("message"u8, members.Text("summary"u8));
        json.Open("metadata"u8);
        json.Raw("version"u8, Version);
        json.Open("product"u8);
        json.Text("name"u8, "1Password"u8);
        json.Text("vendor_name"u8, "AgileBits"u8);
        json.Close();
        members.Text("uuid"u8);
        json.Text("uid"u8, JsonEncodedText.Encode(item.Id).EncodedUtf8Bytes);
        members.Any("stream"u8);
        json.Text("log_name"u8, Encoding.UTF8.GetBytes(log));
        json.Raw("tenant_uid"u8, members.Text("account_uuid"u8));
        json.Raw("original_time"u8, members.Text("timestamp"u8));
        if (of.Uid == OcsfClass.WebResources)
        {
            // Which brings the actor into this class.
            json.Raw("profiles"u8, "[\"host\"]"u8);
        }

        json.Close();
    }
}
