using OpCollector.Checkpoints;
using OpCollector.Events;

namespace OpCollector.Sources;

/// <summary>
/// Where events come from: it yields them after a checkpoint, in pages, and what it must know for that from run to run is its
/// own affair.
/// </summary>
internal abstract class Source : IAsyncDisposable
{
    /// <summary>Whether this run got somewhere that the next one builds on, even where nothing was delivered.</summary>
    public virtual bool HasProgressed => false;

    /// <summary>Why it was last asked again, as a part of a sentence; null where it never was.</summary>
    public virtual string? Delay => null;

    /// <summary>What keeps a part of the source from being read while its other parts go on; null where nothing does.</summary>
    public virtual Failure? Trouble => null;

    /// <summary>Whether it has more than one stream to read.</summary>
    public virtual bool HasManyStreams => false;

    /// <summary>Whether it has any stream to read that is not left out.</summary>
    public virtual bool HasStreams => false;

    /// <summary>From now on this stream is not read in this run.</summary>
    public virtual void LeaveOut(string stream)
    {
    }

    /// <summary>Asks for the users, groups or vaults and their names, as op prints them; null where the source tells none.</summary>
    public virtual Func<NameKind, CancellationToken, Task<ReadOnlyMemory<byte>>>? Names => null;

    /// <summary>Asks who is in the group of a uuid, as op prints it; null where the source does not tell.</summary>
    public virtual Func<string, CancellationToken, Task<ReadOnlyMemory<byte>>>? Members => null;

    /// <summary>What a check tries, each with its name; where the first fails, the others have no chance.</summary>
    /// <param name="checkpoint">What was read before and must still be there; null where nothing was.</param>
    public abstract IEnumerable<(string What, Func<CancellationToken, Task<string>> Try)> Checks(Checkpoint? checkpoint);

    /// <summary>Turns <c>start</c> into a position. It is looked at once in the life of a checkpoint.</summary>
    public abstract Task<Checkpoint> AnchorAsync(Start start, CancellationToken ct);

    /// <summary>Everything after <paramref name="checkpoint"/> that is not known to it, until nothing is new.</summary>
    /// <param name="to">The last event that is wanted, where there is such a bound; more may come.</param>
    public abstract IAsyncEnumerable<EventPage> PagesAsync(Checkpoint checkpoint, long? to, CancellationToken ct);

    public abstract ValueTask DisposeAsync();
}
