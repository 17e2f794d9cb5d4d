using System.Globalization;
using System.Text;
using OpCollector.Configuration;

namespace OpCollector.Delivery.Webhook;

/// <summary>Makes the headers by which each single request proves who sends it.</summary>
internal sealed class Signer
{
    readonly HmacSettings? _hmac;
    readonly byte[] _hmacKey;
    readonly byte[][] _standardKeys;

    /// <exception cref="Failure">A secret it needs is not there, or is none (78).</exception>
    public Signer(AuthSettings? auth)
    {
        _hmac = auth?.Hmac;
        _hmacKey = Encoding.UTF8.GetBytes(_hmac?.Secret.Reveal() ?? "");
        _standardKeys = [.. (auth?.StandardWebhooks ?? []).Select(secret => Signature.StandardWebhooksKey(secret.Reveal())
            ?? throw secret.Place.Wrong("is not a secret of Standard Webhooks, which is whsec_ and then base64"))];
    }

    /// <param name="id">Of the batch: the same over all attempts.</param>
    public IEnumerable<(string Name, string Value)> Headers(string id, ReadOnlyMemory<byte> body, DateTimeOffset now)
    {
        if (_hmac is not null)
        {
            yield return (_hmac.Header, Signature.Hmac(_hmacKey, body.Span, _hmac.Prefix, _hmac.Encoding));
        }

        if (_standardKeys.Length > 0)
        {
            yield return ("webhook-id", id);
            yield return ("webhook-timestamp", now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
            yield return ("webhook-signature", Signature.StandardWebhooks(_standardKeys, id, now, body.Span));
        }
    }
}
