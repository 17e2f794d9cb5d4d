using System.Text.Json.Serialization;

namespace OpCollector.Checkpoints;

/// <summary>What a correlation remembers of one group, from one run to the next. All groups are written with every page, and spelled out only when they change.</summary>
/// <param name="Rule">The id of the correlation.</param>
/// <param name="Key">What its matches have in common.</param>
/// <param name="FiredAt">The time of its last finding; null where there was none.</param>
[JsonConverter(typeof(KeptGroupJson))]
internal sealed record KeptGroup(string Rule, string Key, DateTimeOffset? FiredAt, IReadOnlyList<KeptMatch> Matches)
{
    byte[]? _json;

    /// <summary>How it lies on the disk.</summary>
    public ReadOnlySpan<byte> Json() => _json ??= KeptGroupJson.Spelled(this);
}
