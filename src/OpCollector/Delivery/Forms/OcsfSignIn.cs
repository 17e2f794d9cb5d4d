using OpCollector.Events;

namespace OpCollector.Delivery.Forms;

/// <summary>A sign-in attempt as the class Authentication.</summary>
internal static class OcsfSignIn
{
    static readonly string[] SecondFactors = ["mfa_", "totp_", "u2f_", "duo_", "code_"];

    public static void Write(NestedJson json, TakenMembers members, ActivityEvent item)
    {
        var category = members.Text("category"u8);
        var type = members.Text("type"u8);
        var isGood = category.SequenceEqual("\"success\""u8) || category.SequenceEqual("\"firewall_reported_success\""u8);
        var logon = new OcsfClass(OcsfClass.Authentication, 1);
        OcsfBeginning.Write(json, logon, default, isGood || category.IsEmpty ? 1 : 2, members, item, Streams.SignIn);
        json.Number("status_id"u8, category.IsEmpty ? 0 : isGood ? 1 : 2);
        json.Raw("status_code"u8, category);
        json.Raw("status_detail"u8, type);
        if (type.Length > 2 && SecondFactors.Any(System.Text.Encoding.UTF8.GetString(type[1..^1]).StartsWith))
        {
            json.Raw("is_mfa"u8, "true"u8);
        }

        OcsfParts.WriteUser(json, "user"u8, members.Object("target_user"u8));
        var session = members.Text("session_uuid"u8);
        if (!session.IsEmpty)
        {
            json.Open("session"u8);
            json.Raw("uid"u8, session);
            json.Close();
        }

        OcsfParts.WriteEndpoint(json, members, members.Object("client"u8), "ip_address"u8);
        json.Open("service"u8);
        json.Text("name"u8, "1Password"u8);
        json.Close();
    }
}
