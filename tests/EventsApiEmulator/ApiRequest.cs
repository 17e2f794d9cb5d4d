using System.Text.Json.Nodes;

namespace EventsApiEmulator;

/// <summary>A request as it came, and what was answered.</summary>
/// <param name="Feature">The stream that was asked, or <c>introspect</c>.</param>
/// <param name="Status">0 when nothing was answered.</param>
/// <param name="Uuids">Of the items in the answer.</param>
internal sealed record ApiRequest(string Feature, string Head, string Body, int Status, IReadOnlyList<string> Uuids)
{
    public JsonObject Json => JsonNode.Parse(Body)!.AsObject();

    public bool IsByCursor => Body.Contains("\"cursor\"", StringComparison.Ordinal);

    public DateTimeOffset Start => (DateTimeOffset)Json["start_time"]!;
}
