using OpCollector.Events;

namespace OpCollector.Delivery.Forms;

/// <summary>A sign-in attempt as the class Authentication.</summary>
internal static class OcsfSignIn
{
    static readonly OcsfPerson User = new(OcsfMember.TargetUserUuid, OcsfMember.TargetUserName, OcsfMember.TargetUserEmail);

    public static void Write(NestedJson json, OcsfMembers members, ActivityEvent item)
    {
        var category = members.Text(OcsfMember.Category);
        var type = members.Text(OcsfMember.Type);
        var isGood = category.SequenceEqual("\"success\""u8) || category.SequenceEqual("\"firewall_reported_success\""u8);
        var logon = new OcsfClass(OcsfClass.Authentication, 1);
        OcsfBeginning.Write(json, logon, default, isGood || category.IsEmpty ? 1 : 2, members, item, Streams.SignIn);
        json.Number("status_id"u8, category.IsEmpty ? 0 : isGood ? 1 : 2);
        json.Raw("status_code"u8, category);
        json.Raw("status_detail"u8, type);
        if (IsSecondFactor(type))
        {
            json.Raw("is_mfa"u8, "true"u8);
        }

        OcsfParts.WriteUser(json, "user"u8, members, User);
        var session = members.Text(OcsfMember.SessionAlone);
        if (!session.IsEmpty)
        {
            json.Open("session"u8);
            json.Raw("uid"u8, session);
            json.Close();
        }

        OcsfParts.WriteEndpoint(json, members, OcsfMember.ClientIp, OcsfMember.ClientDevice);
        json.Open("service"u8);
        json.Text("name"u8, "1Password"u8);
        json.Close();
    }

    static bool IsSecondFactor(ReadOnlySpan<byte> type) =>
        type.StartsWith("\"mfa_"u8) || type.StartsWith("\"totp_"u8) || type.StartsWith("\"u2f_"u8) || type.StartsWith("\"duo_"u8)
            || type.StartsWith("\"code_"u8);
}
