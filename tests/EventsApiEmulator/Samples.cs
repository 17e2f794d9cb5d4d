using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace EventsApiEmulator;

/// <summary>
/// Events as the API shows them: times of nine digits, what is sometimes there and sometimes not, and members nobody knows.
/// </summary>
internal static class Samples
{
    const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <summary>26 letters and digits, the same for the same name.</summary>
    public static string Uuid(string name) =>
        string.Concat(SHA256.HashData(Encoding.UTF8.GetBytes(name)).Take(26).Select(each => Letters[each % 32]));

    public static string Of(string feature, string uuid, DateTimeOffset time, int number) => feature switch
    {
        "auditevents" => Audit(uuid, time, number),
        "signinattempts" => SignIn(uuid, time, number),
        _ => ItemUsage(uuid, time, number),
    };

    static string Audit(string uuid, DateTimeOffset time, int number) =>
        $$"""{"uuid":"{{uuid}}","timestamp":"{{Text(time, number)}}","actor_uuid":"4HCGRGYCTRQFBMGVEGTABYDU2V","actor_details":{"uuid":"4HCGRGYCTRQFBMGVEGTABYDU2V","name":"Jack O'Neill \u2603","email":"jack@acme.example"},"actor_type":"user","actor_account_uuid":"M4E2SWNZAZFTRGQGDNS2E5A4MU","account_uuid":"M4E2SWNZAZFTRGQGDNS2E5A4MU","action":"join","object_type":"gm","object_uuid":"PF8SOFH2KNI3BTEU2RX7LHUQTP","aux_id":{{number}},"aux_uuid":"K5ZHVGZJDNSLKBHMTQMQA4TUQI","aux_info":"R","session":{"uuid":"A5K6COGVRVEJXJW3XQZGS7VAMM","login_time":"2023-03-15T16:33:50.000000001-03:00","device_uuid":"LWOOFAPBBQCMZHHZCQRTQ5NCYI","ip":"192.0.2.1"}{{Location(number)}},"not_known_yet":[1.0e3,null]}""";

    static string SignIn(string uuid, DateTimeOffset time, int number) =>
        $$$"""{"uuid":"{{{uuid}}}","session_uuid":"A5K6COGVRVEJXJW3XQZGS7VAMM","timestamp":"{{{Text(time, number)}}}","country":"CA","category":"success","type":"credentials_ok","details":null,"target_user":{"uuid":"4HCGRGYCTRQFBMGVEGTABYDU2V","name":"Jack O'Neill","email":"jack@acme.example","type":"user"},"client":{"app_name":"1Password Extension","app_version":"20127","platform_name":"Chrome","os_name":"MacOSX","os_version":"10.15.6","ip_address":"192.0.2.1"}{{{Location(number)}}},"account_uuid":"M4E2SWNZAZFTRGQGDNS2E5A4MU"}""";

    static string ItemUsage(string uuid, DateTimeOffset time, int number) =>
        $$$"""{"uuid":"{{{uuid}}}","timestamp":"{{{Text(time, number)}}}","used_version":{{{number}}},"vault_uuid":"VZSYVT2LGHTBWBQGUJAIZVRABM","item_uuid":"SDGD3I4AJYO6RMHRK8DYVNFIDZ","action":"{{{(number % 3 == 0 ? "" : "reveal")}}}","user":{"uuid":"4HCGRGYCTRQFBMGVEGTABYDU2V","name":"Jack O'Neill","email":"jack@acme.example"},"client":{"app_name":"1Password","ip_address":"192.0.2.1"}{{{Location(number)}}},"account_uuid":"M4E2SWNZAZFTRGQGDNS2E5A4MU"}""";

    static string Location(int number) =>
        number % 2 == 0
            ? ""
            : ",\"location\":{\"country\":\"CA\",\"region\":\"Ontario\",\"city\":\"Toronto\",\"latitude\":43.640,\"longitude\":-79.433}";

    // Two digits more than .NET's times have.
    static string Text(DateTimeOffset time, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{time.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffffff}{number % 90 + 10}Z");
}
