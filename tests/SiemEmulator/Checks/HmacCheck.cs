using System.Security.Cryptography;
using System.Text;
using SiemEmulator.Receivers;

namespace SiemEmulator.Checks;

/// <summary>HMAC-SHA256 over the exact bytes of the body as received, such as GitHub's <c>X-Hub-Signature-256: sha256=…</c>.</summary>
internal sealed class HmacCheck(string secret, string header, string prefix = "", bool isBase64 = false) : Check
{
    public override string? Complaint(Call call)
    {
        var hash = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), call.Received);
        var wanted = prefix + (isBase64 ? Convert.ToBase64String(hash) : Convert.ToHexStringLower(hash));
        return call.Head.All(header) is [var given] && AreSame(given, wanted) ? null : $"{header} is no signature of this body";
    }
}
