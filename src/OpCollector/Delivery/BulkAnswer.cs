using System.Text.Json;

namespace OpCollector.Delivery;

/// <summary>What a bulk request was answered, by the ids of the events.</summary>
internal static class BulkAnswer
{
    /// <summary>
    /// The status and the error of each item by its id. Null where the body is no such answer, says the same id twice, or
    /// leaves ids out: then nothing in it can be trusted.
    /// </summary>
    public static Dictionary<string, (int Status, string? Error)>? Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            var items = new Dictionary<string, (int, string?)>();
            foreach (var item in json.RootElement.GetProperty("items"u8).EnumerateArray())
            {
                var result = item.EnumerateObject().Single().Value;
                if (!items.TryAdd(result.GetProperty("_id"u8).GetString()!, (result.GetProperty("status"u8).GetInt32(), Error(result))))
                {
                    return null;
                }
            }

            // The flag and the items must agree: a server that contradicts itself proves nothing.
            return json.RootElement.GetProperty("errors"u8).GetBoolean() == items.Values.Any(item => item.Item1 is < 200 or >= 300) ? items : null;
        }
        catch (Exception ex) when (ex is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or ArgumentNullException)
        {
            return null;
        }
    }

    static string? Error(JsonElement result) => result.TryGetProperty("error"u8, out var error)
        ? error.ValueKind == JsonValueKind.Object && error.TryGetProperty("reason"u8, out var reason) ? $"{(error.TryGetProperty("type"u8, out var type) ? $"{type}: " : "")}{reason}" : error.ToString()
        : null;
}
