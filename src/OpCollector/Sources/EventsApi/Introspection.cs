using System.Text.Json;

namespace OpCollector.Sources.EventsApi;

/// <summary>What the API says of a token: whose events it opens (since version 1.4.1), and which streams.</summary>
/// <param name="Features">Null where it does not say.</param>
internal sealed record Introspection(string? Account, IReadOnlyList<string>? Features)
{
    public static readonly Introspection Nothing = new(null, null);

    /// <summary>Tolerant: what it cannot read is not known.</summary>
    public static Introspection Of(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var body = JsonDocument.Parse(json);
            var root = body.RootElement;
            return new Introspection(
                root.TryGetProperty("account_uuid"u8, out var account) && account.ValueKind == JsonValueKind.String && account.GetString() is { Length: > 0 } uuid ? uuid : null,
                root.TryGetProperty("features"u8, out var features) && features.ValueKind == JsonValueKind.Array
                    ? [.. features.EnumerateArray().Where(each => each.ValueKind == JsonValueKind.String).Select(each => each.GetString()!)]
                    : null);
        }
        catch (Exception ex) when (ex is JsonException or InvalidOperationException)
        {
            return Nothing;
        }
    }
}
