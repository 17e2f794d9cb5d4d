namespace OpCollector.Sources;

/// <summary>How far a source is delivered, and all that it must know to go on there.</summary>
/// <param name="Source">Whose events these are; never made from a secret, a path or a URL.</param>
internal abstract record Position(string Source)
{
    /// <summary>Whose events these are, for a person.</summary>
    public virtual string SourceText => Source;

    /// <summary>Whether it has an end that was fixed when it began; if not, the source is followed.</summary>
    public abstract bool IsBackfill { get; }

    /// <summary>The position in words.</summary>
    public abstract string Text { get; }

    /// <summary>Where a backfill ends, in words; null where that is not known by an event.</summary>
    public virtual string? End => null;

    /// <summary>When the newest event delivered happened; null where none is known.</summary>
    public abstract DateTimeOffset? LastEventTime { get; init; }

    /// <summary>The same for each stream; empty where the source has one log alone.</summary>
    public virtual IReadOnlyList<(string Stream, DateTimeOffset? LastEventTime)> LastEventTimes => [];

    /// <summary>What else there is to know of it, for a person: of what, and what of it.</summary>
    public abstract IReadOnlyList<(string What, string Text)> Details { get; }

    /// <summary>
    /// The newest event: its id, if positions are ids, and its time, or the time of delivery if its own cannot be believed; null if no
    /// event is known.
    /// </summary>
    public abstract (string? Id, DateTimeOffset Time)? LastEvent(DateTimeOffset now);

    /// <summary>How far the position is and where the end is, as event ids or as milliseconds; null if unknown.</summary>
    public abstract (double At, double End)? Progress(DateTimeOffset now);

    /// <summary>
    /// How far the stream that is farthest behind has to catch up, so that events of others may come so much earlier than its own; nothing
    /// where the source has one log alone.
    /// </summary>
    public virtual TimeSpan Backlog(DateTimeOffset now) => TimeSpan.Zero;

    /// <summary>The position without ids that are no longer needed; the same instance if nothing changed.</summary>
    public virtual Position Pruned(DateTimeOffset now) => this;
}
