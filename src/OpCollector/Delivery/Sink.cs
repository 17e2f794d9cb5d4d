namespace OpCollector.Delivery;

/// <summary>
/// Where batches go. The receipt says what the receiver has, what it rejects for good, and what ended the delivery before all of a
/// batch was the one or the other.
/// </summary>
internal abstract class Sink : IDisposable
{
    /// <summary>How many digits of a digest a fingerprint has.</summary>
    public const int FingerprintLength = 32;

    /// <summary>How the sink is called in messages; never with a secret, a path of a URL or a query.</summary>
    public abstract string Name { get; }

    /// <summary>By what a run remembers that the receiver has accepted something; null where nothing can be rejected.</summary>
    public virtual string? Fingerprint => null;

    /// <summary>Delivers a batch, less what its memory says that earlier runs have settled.</summary>
    /// <exception cref="Failure">Nothing of the batch is delivered, and nothing counts as delivered.</exception>
    public abstract Task<Receipt> DeliverAsync(Batch batch, RunLimits limits);

    /// <summary>Whether the sink can be reached, in a few words, without delivering anything.</summary>
    public abstract Task<string> CheckAsync(CancellationToken ct);

    public virtual void Dispose()
    {
    }
}
