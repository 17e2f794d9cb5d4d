namespace OpCollector.Sources.Op;

/// <summary>
/// The 1Password CLI as a source needs it: it lists the log and the names, signed in, and with as many calls at once as are allowed.
/// </summary>
internal abstract class Op : NameDirectory, IAsyncDisposable
{
    /// <summary>How many calls may be under way at once now.</summary>
    public virtual int MostCalls => 1;

    /// <summary>Signs in, unless that is done.</summary>
    /// <returns>Which op it is, and for which account.</returns>
    /// <exception cref="Failure">Why op does not let us in.</exception>
    public abstract Task<OpGeneration> SignedInAsync(CancellationToken ct);

    /// <summary>Lists a page of the log, while no other page is asked for.</summary>
    /// <exception cref="Failure">What op said, and what to do about it.</exception>
    public abstract Task<OpPage> ListAsync(OpQuery query, CancellationToken ct);

    /// <summary>Lists a page of the log while others are asked for too; together they may be as large as one may be alone.</summary>
    /// <exception cref="Failure">What op said, and what to do about it.</exception>
    public virtual Task<OpPage> ListInParallelAsync(OpQuery query, CancellationToken ct) => ListAsync(query, ct);

    /// <summary>From now on makes one call after the other, and closes what was only needed for parallel calls.</summary>
    public virtual Task StopParallelCallsAsync() => Task.CompletedTask;

    public abstract ValueTask DisposeAsync();
}
