using System.Text.Json.Serialization;

namespace OpCollector.Sources.Op;

/// <summary>The JSON of <c>op.json</c> and of a walk's first line, without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(OpMemoryContent))]
[JsonSerializable(typeof(WalkHeader))]
internal sealed partial class OpJson : JsonSerializerContext;
