using System.Text.Json;

namespace OpCollector.Delivery;

/// <summary>What a bulk API says of one event.</summary>
/// <param name="Error">The reason, where it gives one.</param>
/// <param name="IsInFailureStore">
/// Whether Elasticsearch (8.19 and 9.1) put it away instead of into the index, and calls that a success:
/// https://www.elastic.co/docs/manage-data/data-store/data-streams/failure-store
/// </param>
internal sealed record BulkItem(string Id, int Status, string? Error, bool IsInFailureStore)
{
    public bool IsError => Status is < 200 or >= 300;

    /// <exception cref="KeyNotFoundException">It has no id or no status.</exception>
    public static BulkItem Read(JsonElement item) => new(
        item.GetProperty("_id"u8).GetString() ?? throw new FormatException("an item without an id"),
        item.GetProperty("status"u8).GetInt32(),
        ErrorOf(item),
        item.TryGetProperty("failure_store"u8, out var store) && store.ValueKind == JsonValueKind.String && store.ValueEquals("used"u8));

    static string? ErrorOf(JsonElement item) => item.TryGetProperty("error"u8, out var error)
        ? error.ValueKind == JsonValueKind.Object && error.TryGetProperty("reason"u8, out var reason) ? $"{(error.TryGetProperty("type"u8, out var type) ? $"{type}: " : "")}{reason}" : error.ToString()
        : null;
}
