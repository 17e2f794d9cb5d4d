using OpCollector.Events;

namespace OpCollector.Delivery.Forms;

/// <summary>What every class of the Open Cybersecurity Schema Framework has: its numbers, the time, and where it comes from.</summary>
internal static class OcsfBeginning
{
    // The version is that of the framework whose classes and numbers these are.
    static ReadOnlySpan<byte> Version => "\"1.9.0-dev\""u8;

    static ReadOnlySpan<byte> Product => "{\"name\":\"1Password\",\"vendor_name\":\"AgileBits\"}"u8;

    /// <param name="activity">What was done, where it has no number: with its quotes.</param>
    public static void Write(
        NestedJson json, OcsfClass of, ReadOnlySpan<byte> activity, int severity, OcsfMembers members, ActivityEvent item, string log)
    {
        json.Number("activity_id"u8, of.Activity);
        json.Raw("activity_name"u8, activity);
        json.Number("category_uid"u8, of.Category);
        json.Number("class_uid"u8, of.Uid);
        json.Number("type_uid"u8, of.Type);
        json.Number("severity_id"u8, severity);
        json.Number("time"u8, item.UsableTime?.ToUnixTimeMilliseconds() ?? 0);
        json.Raw("message"u8, members.Text(OcsfMember.Summary));
        json.Open("metadata"u8);
        json.Raw("version"u8, Version);
        json.Raw("product"u8, Product);
        json.Text("uid"u8, item.Id);
        json.Text("log_name"u8, log);
        if (!item.IsFinding)
        {
            members.Any(OcsfMember.Uuid);
            members.Any(OcsfMember.Stream);
        }

        json.Raw("tenant_uid"u8, members.Text(OcsfMember.Account));
        json.Raw("original_time"u8, members.Text(OcsfMember.Timestamp));
        if (of.Uid == OcsfClass.WebResources)
        {
            // Which brings the actor into this class.
            json.Raw("profiles"u8, "[\"host\"]"u8);
        }

        json.Close();
    }
}
