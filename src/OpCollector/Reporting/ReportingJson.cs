using System.Text.Json.Serialization;

namespace OpCollector.Reporting;

/// <summary>The JSON of the reports, without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(LastRun))]
internal sealed partial class ReportingJson : JsonSerializerContext;
