namespace OpCollector.Sources;

/// <summary>Where a source tells the names behind its uuids.</summary>
internal abstract class NameDirectory
{
    /// <summary>Whether it tells any.</summary>
    public virtual bool HasNames => true;

    /// <summary>Lists users, groups or vaults with their names.</summary>
    /// <exception cref="Failure">What the source said, and what to do about it.</exception>
    public abstract Task<IReadOnlyList<ListedEntity>> ListNamesAsync(NameQuery query, CancellationToken ct);
}

/// <summary>The directory of a source that tells no names.</summary>
internal sealed class NoNames : NameDirectory
{
    public override bool HasNames => false;

    public override Task<IReadOnlyList<ListedEntity>> ListNamesAsync(NameQuery query, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<ListedEntity>>([]);
}
