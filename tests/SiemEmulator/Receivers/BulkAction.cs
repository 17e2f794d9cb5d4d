using System.Text.Json;

namespace SiemEmulator.Receivers;

/// <summary>The first line of a pair: what to do with the document of the second, and under which id.</summary>
internal sealed record BulkAction(string Name, string? Id)
{
    static readonly string[] Parameters =
    [
        "_id", "_index", "routing", "pipeline", "require_alias", "require_data_stream", "dynamic_templates"
    ];

    /// <summary>None when the line is malformed: not exactly one action that brings a document, or one with unknown parameters.</summary>
    public static BulkAction? Of(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            if (json.RootElement.ValueKind != JsonValueKind.Object
                || json.RootElement.EnumerateObject().ToArray() is not [{ Name: "create" or "index" } action])
            {
                return null;
            }

            var isKnown = action.Value.ValueKind == JsonValueKind.Object
                && action.Value.EnumerateObject().All(each => Parameters.Contains(each.Name));
            if (!isKnown || !action.Value.TryGetProperty("_id", out var id))
            {
                return isKnown ? new BulkAction(action.Name, null) : null;
            }

            return id.ValueKind == JsonValueKind.String && id.GetString() is { Length: > 0 } text
                ? new BulkAction(action.Name, text)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
