using System.Text.Json.Serialization;

namespace OpCollector.Enrichment;

/// <summary>The JSON of <c>names.json</c>, without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(NameBookContent))]
internal sealed partial class EnrichmentJson : JsonSerializerContext;
