using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SiemEmulator.Receivers;

namespace SiemEmulator.Checks;

/// <summary>
/// Standard Webhooks (github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md "Signature scheme"): one of the
/// signatures is right for the id, the time and the decoded body, and the time is now, five minutes more or less.
/// </summary>
internal sealed class StandardWebhooksCheck(string secret) : Check
{
    const string Prefix = "whsec_";

    static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    readonly byte[] _key = Convert.FromBase64String(secret.StartsWith(Prefix, StringComparison.Ordinal) ? secret[Prefix.Length..] : secret);

    public override string? Complaint(Call call)
    {
        if (call.Head.Header("webhook-id") is not { Length: > 0 } id || id.Contains('.', StringComparison.Ordinal))
        {
            return "webhook-id is missing or has a full stop";
        }

        if (!long.TryParse(call.Head.Header("webhook-timestamp"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || Math.Abs(DateTimeOffset.UtcNow.ToUnixTimeSeconds() - seconds) > Tolerance.TotalSeconds)
        {
            return "webhook-timestamp is not the time";
        }

        byte[] signed = [.. Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{seconds}.")), .. call.Body];
        var wanted = $"v1,{Convert.ToBase64String(HMACSHA256.HashData(_key, signed))}";
        return (call.Head.Header("webhook-signature") ?? "").Split(' ').Any(given => AreSame(given, wanted))
            ? null
            : "webhook-signature has no right signature";
    }
}
