using System.Globalization;

namespace OpCollector.Delivery.Webhook;

/// <summary>Makes the headers by which each single request proves who sends it.</summary>
internal abstract class Signer
{
    /// <param name="id">The id of the batch, which is the same over all attempts.</param>
    public abstract IEnumerable<(string Name, string Value)> Headers(string id, ReadOnlyMemory<byte> body, DateTimeOffset now);
}

/// <summary>For requests that are not signed.</summary>
internal sealed class NoSigner : Signer
{
    public override IEnumerable<(string Name, string Value)> Headers(string id, ReadOnlyMemory<byte> body, DateTimeOffset now) => [];
}

/// <summary>Signs the body with one key, into a header of the receiver's choice.</summary>
internal sealed class HmacSigner(string header, string prefix, SignatureEncoding encoding, byte[] key) : Signer
{
    public override IEnumerable<(string Name, string Value)> Headers(string id, ReadOnlyMemory<byte> body, DateTimeOffset now) =>
        [(header, Signature.Hmac(key, body.Span, prefix, encoding))];
}

/// <summary>Signs id, time and body as Standard Webhooks says.</summary>
/// <param name="keys">More than one while they are being changed.</param>
internal sealed class StandardWebhooksSigner(byte[][] keys) : Signer
{
    public override IEnumerable<(string Name, string Value)> Headers(string id, ReadOnlyMemory<byte> body, DateTimeOffset now) =>
    [
        ("webhook-id", id),
        ("webhook-timestamp", now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)),
        ("webhook-signature", Signature.StandardWebhooks(keys, id, now, body.Span)),
    ];
}
