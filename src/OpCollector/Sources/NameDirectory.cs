using OpCollector.Events;

namespace OpCollector.Sources;

/// <summary>Where a source tells the names behind its uuids.</summary>
internal abstract class NameDirectory
{
    /// <summary>Whether it tells any.</summary>
    public virtual bool HasNames => true;

    /// <summary>Lists the names of everything of a kind: JSON as op prints it.</summary>
    /// <exception cref="Failure">What the source said, and what to do about it.</exception>
    public abstract Task<ReadOnlyMemory<byte>> ListNamesAsync(NameKind kind, CancellationToken ct);

    /// <summary>Lists the users in the group of a uuid: JSON as op prints it.</summary>
    /// <exception cref="Failure">What the source said, and what to do about it.</exception>
    public abstract Task<ReadOnlyMemory<byte>> ListMembersAsync(string group, CancellationToken ct);

    /// <summary>
    /// Lists the users or the groups that a vault is open to, or the groups or the vaults that a user or a group has: JSON as op prints
    /// it.
    /// </summary>
    /// <param name="shows">What it lists.</param>
    /// <param name="of">What the uuid is of.</param>
    /// <exception cref="Failure">What the source said, and what to do about it.</exception>
    public abstract Task<ReadOnlyMemory<byte>> ListOfAsync(NameKind shows, NameKind of, string uuid, CancellationToken ct);
}

/// <summary>The directory of a source that tells no names.</summary>
internal sealed class NoNames : NameDirectory
{
    static readonly ReadOnlyMemory<byte> Nothing = "[]"u8.ToArray();

    public override bool HasNames => false;

    public override Task<ReadOnlyMemory<byte>> ListNamesAsync(NameKind kind, CancellationToken ct) => Task.FromResult(Nothing);

    public override Task<ReadOnlyMemory<byte>> ListMembersAsync(string group, CancellationToken ct) => Task.FromResult(Nothing);

    public override Task<ReadOnlyMemory<byte>> ListOfAsync(NameKind shows, NameKind of, string uuid, CancellationToken ct) =>
        Task.FromResult(Nothing);
}
