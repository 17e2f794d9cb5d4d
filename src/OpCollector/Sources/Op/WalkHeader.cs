using System.Text.Json.Serialization;

namespace OpCollector.Sources.Op;

/// <summary>The first line of a walk.</summary>
/// <param name="Source">Whose events it holds.</param>
/// <param name="Order">Says what the lines below are; anything else is not ours.</param>
/// <param name="Since">Where the walk looks for the start of a first run: the time at which it may end.</param>
internal sealed record WalkHeader(string Source, string Order, DateTimeOffset? Since)
{
    public const string Sealed = "newest first, each line with a checksum";

    /// <summary>Of the versions before: without checksums.</summary>
    public const string NewestFirst = "newest first";
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(WalkHeader))]
internal sealed partial class WalkHeaderJson : JsonSerializerContext;
