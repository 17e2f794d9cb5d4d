using System.Text.Json.Serialization;

namespace OpCollector.Sources.EventsApi;

/// <summary>The JSON of <c>events-api.json</c>, without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(EventsApiMemoryContent))]
internal sealed partial class EventsApiJson : JsonSerializerContext;
