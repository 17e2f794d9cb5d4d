using System.Security.Cryptography;

namespace OpCollector.Events;

/// <summary>An item of a page that cannot be an event. It is never dropped: it goes to the quarantine with its bytes.</summary>
/// <param name="Why">What is wrong with it, as the end of a sentence.</param>
internal sealed record MalformedEvent(ReadOnlyMemory<byte> Bytes, string Why)
{
    /// <summary>For want of an id of its own: the hash of its bytes.</summary>
    public string Id { get; } = $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Bytes.Span))}";
}
