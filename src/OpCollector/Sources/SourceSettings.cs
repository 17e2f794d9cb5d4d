using OpCollector.Events;

namespace OpCollector.Sources;

/// <summary>What the configuration says of the source: <c>source</c>.</summary>
internal abstract record SourceSettings
{
    /// <summary>Whose events the checkpoint counts; never made from a secret or a path.</summary>
    public abstract string Fingerprint { get; }

    /// <summary>What the source calls the members of its events.</summary>
    public abstract Dialect Dialect { get; }

    /// <summary>The names of the streams that are collected.</summary>
    public abstract IReadOnlyList<string> StreamNames { get; }
}
