namespace OpCollector.Delivery;

/// <summary>
/// Where batches go. When <see cref="DeliverAsync"/> returns, the receiver has all of it but the events that it refuses for
/// good; anything else is a failure.
/// </summary>
internal abstract class Sink : IDisposable
{
    /// <summary>How the sink is called in messages; never with a secret, a path of a URL or a query.</summary>
    public abstract string Name { get; }

    /// <summary>What the receiver is known by, for the memory of whether it ever accepted anything; null where nothing can be refused.</summary>
    public virtual string? Fingerprint => null;

    /// <exception cref="Failure">The batch is not delivered, and not counted as delivered.</exception>
    public abstract Task<Receipt> DeliverAsync(Batch batch, RunLimits limits);

    /// <summary>Whether the sink can be reached, in a few words, without delivering anything.</summary>
    public abstract Task<string> CheckAsync(CancellationToken ct);

    public virtual void Dispose()
    {
    }
}
