namespace OpCollector.Delivery;

/// <summary>Where batches go. When <see cref="DeliverAsync"/> returns, the receiver has all of it; anything else is a failure.</summary>
internal abstract class Sink : IDisposable
{
    /// <summary>How the sink is called in messages; never with a secret, a path of a URL or a query.</summary>
    public abstract string Name { get; }

    /// <exception cref="Failure">The batch is not delivered, and not counted as delivered.</exception>
    public abstract Task DeliverAsync(Batch batch, RunLimits limits);

    /// <summary>Whether the sink can be reached, in a few words, without delivering anything.</summary>
    public abstract Task<string> CheckAsync(CancellationToken ct);

    public virtual void Dispose()
    {
    }
}
