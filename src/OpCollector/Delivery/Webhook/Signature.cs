using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace OpCollector.Delivery.Webhook;

/// <summary>Signatures over the exact bytes of a body: pure.</summary>
internal static class Signature
{
    const string SecretPrefix = "whsec_";

    public static string Hmac(byte[] key, ReadOnlySpan<byte> body, string prefix, SignatureEncoding encoding)
    {
        var hash = HMACSHA256.HashData(key, body);
        return prefix + (encoding == SignatureEncoding.Base64 ? Convert.ToBase64String(hash) : Convert.ToHexStringLower(hash));
    }

    /// <summary>The value of <c>webhook-signature</c>: one signature for each key, so that receivers may change theirs in peace.</summary>
    /// <param name="id">The same over all attempts; without a dot.</param>
    /// <param name="time">Of this attempt.</param>
    public static string StandardWebhooks(IEnumerable<byte[]> keys, string id, DateTimeOffset time, ReadOnlySpan<byte> body)
    {
        var before = string.Create(CultureInfo.InvariantCulture, $"{id}.{time.ToUnixTimeSeconds()}.");
        byte[] signed = [.. Encoding.ASCII.GetBytes(before), .. body];
        return string.Join(' ', keys.Select(key => $"v1,{Convert.ToBase64String(HMACSHA256.HashData(key, signed))}"));
    }

    /// <summary>The key in a secret as Standard Webhooks writes it; null where it is malformed.</summary>
    public static byte[]? StandardWebhooksKey(string secret)
    {
        try
        {
            var isPrefixed = secret.StartsWith(SecretPrefix, StringComparison.Ordinal);
            return isPrefixed && Convert.FromBase64String(secret[SecretPrefix.Length..]) is { Length: > 0 } key ? key : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }
}

/// <summary>How the bytes of a signature are written.</summary>
internal enum SignatureEncoding
{
    Hex,
    Base64,
}
