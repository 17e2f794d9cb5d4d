namespace OpCollector.Sources;

/// <summary>
/// Where events come from: it yields them after a position, in pages, and what it must know for that from run to run is its
/// own affair.
/// </summary>
internal abstract class Source : IAsyncDisposable
{
    /// <summary>Whether this run got somewhere that the next one builds on, even where nothing was delivered.</summary>
    public virtual bool HasProgressed => false;

    /// <summary>Why it was last asked again, as a part of a sentence; null where it never was.</summary>
    public virtual string? RetryReason => null;

    /// <summary>What keeps a part of the source from being read while its other parts go on; null where nothing does.</summary>
    public virtual Failure? PartialFailure => null;

    /// <summary>Whether it has more than one stream to read.</summary>
    public virtual bool HasManyStreams => false;

    /// <summary>Whether it has any stream to read that is not left out.</summary>
    public virtual bool HasStreams => false;

    /// <summary>From now on this stream is not read in this run.</summary>
    public virtual void LeaveOut(string stream)
    {
    }

    /// <summary>Where it tells the names of users, groups and vaults, and who is in a group.</summary>
    public abstract NameDirectory Names { get; }

    /// <summary>What a check tries; where the first fails, the others have no chance.</summary>
    /// <param name="position">What was read before and must still be there; null where nothing was.</param>
    public abstract IReadOnlyList<SourceCheck> Checks(Position? position);

    /// <summary>Turns <c>start</c> into a position. It is looked at once in the life of a checkpoint.</summary>
    public abstract Task<Position> BeginAsync(StartingPoint start, CancellationToken ct);

    /// <summary>The position with what the configuration has added to the source meanwhile, which begins as in a first run.</summary>
    /// <returns>The same one where nothing was added.</returns>
    public virtual Position WithAdded(Position position) => position;

    /// <summary>Where a backfill of a period begins, both ends included. The end is fixed now.</summary>
    /// <param name="until">Null for up to where collect has read: it delivers what is newer, and nothing comes twice.</param>
    /// <param name="stream">The only stream that is wanted; null for all of them.</param>
    /// <param name="cron">Where cron is; null where it has never run.</param>
    /// <returns>Null where there is nothing in it.</returns>
    public abstract Task<Position?> BackfillAsync(
        DateTimeOffset since, DateTimeOffset? until, string? stream, Position? cron, CancellationToken ct);

    /// <summary>Where a backfill by ids begins: of what is newer than an event, up to and with another. The end is fixed now.</summary>
    /// <param name="to">Null for up to where collect has read.</param>
    /// <param name="cron">Where cron is; null where it has never run.</param>
    /// <returns>Null where there is nothing in it, or where the source does not go by ids.</returns>
    public virtual Task<Position?> BackfillEventsAsync(long from, long? to, Position? cron, CancellationToken ct) =>
        Task.FromResult<Position?>(null);

    /// <summary>
    /// Everything after <paramref name="from"/> that is not known to it, until nothing is new; for a backfill, what that wants of it.
    /// </summary>
    public abstract IAsyncEnumerable<EventPage> PagesAsync(Position from, CancellationToken ct);

    /// <summary>All is read, and the checkpoint is at a position: what was kept for the time before it alone can go.</summary>
    public virtual void Finish(Position position)
    {
    }

    public abstract ValueTask DisposeAsync();
}
