using System.Text.Json.Serialization;

namespace OpCollector.Checkpoints;

/// <summary>A match in a <see cref="KeptGroup"/>: when, the ids of the events it rests on, and which part of the correlation it is.</summary>
/// <param name="Value">What is counted, where values are.</param>
/// <param name="IsUsed">Whether a finding has told of it already.</param>
[JsonConverter(typeof(KeptMatchJson))]
internal sealed record KeptMatch(DateTimeOffset Time, IReadOnlyList<string> Ids, int Member, string? Value, bool IsUsed)
{
    byte[]? _json;

    /// <summary>How it lies on the disk: spelled out once, because all matches are written with every page.</summary>
    public ReadOnlySpan<byte> Json() => _json ??= KeptMatchJson.Spelled(this);
}
