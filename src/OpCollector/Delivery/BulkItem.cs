using System.Text.Json;
using OpCollector.Events;

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
        item.Text("_id"u8) ?? throw new NoJsonException("it has an item without an id"),
        item.GetProperty("status"u8).GetInt32(),
        ErrorOf(item),
        item.Text("failure_store"u8) == "used");

    /// <summary>Type and reason of the error in an item, or in a whole answer; null where there is none.</summary>
    public static string? ErrorOf(JsonElement item) => item.Member("error"u8) is { } error
        ? error.Member("reason"u8) is { } reason ? $"{(error.Member("type"u8) is { } type ? $"{type}: " : "")}{reason}" : error.ToString()
        : null;
}
