using System.Text.Json.Serialization;

namespace OpCollector.Checkpoints;

/// <summary>The JSON of the files in the state directory, without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(CheckpointContent))]
[JsonSerializable(typeof(KeptGroup))]
[JsonSerializable(typeof(KeptGroupContent))]
[JsonSerializable(typeof(KeptMatchContent))]
internal sealed partial class StateJson : JsonSerializerContext;
