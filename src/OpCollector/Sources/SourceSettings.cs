using OpCollector.Configuration;
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

    /// <summary>Whether its streams can be asked for one by one.</summary>
    public virtual bool HasStreams => false;

    /// <summary>The one stream that says who can reach what; null where it has no other.</summary>
    public virtual string? AccessStream => null;

    /// <summary>Whether it tells who is in a group.</summary>
    public virtual bool ListsGroupMembers => false;

    /// <summary>Whether its events say e-mail addresses of users beside their uuids.</summary>
    public virtual bool EventsSayAddresses => false;

    /// <summary>Whether it keeps what it has read and not delivered in a directory of this host.</summary>
    public virtual bool KeepsWalks => false;

    /// <summary>How late an event may come; null where that is not known.</summary>
    public virtual TimeSpan? Lateness => null;

    /// <summary>The position behind an event; null where the source does not go by ids.</summary>
    public virtual Position? At(long eid) => null;

    /// <exception cref="Failure">The source cannot begin there (78).</exception>
    /// <param name="place">Where the configuration says it.</param>
    public virtual void RefuseStart(StartingPoint start, ConfigurationMember place)
    {
    }
}
