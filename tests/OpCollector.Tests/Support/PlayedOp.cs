using OpCollector.Events;
using OpCollector.Sources.Op;

namespace OpCollector.Tests.Support;

/// <summary>An op whose answers a spec plays.</summary>
internal sealed class PlayedOp(Func<OpQuery, CancellationToken, Task<OpPage>> log) : Op
{
    public Func<NameKind, ReadOnlyMemory<byte>> Names { get; init; } = _ => "[]"u8.ToArray();

    /// <summary>How many pages it lets itself be asked for at once.</summary>
    public int Parallel { get; init; } = 1;

    public override int MostAtOnce => Parallel;

    public override Task<OpGeneration> SignedInAsync(CancellationToken ct) => Task.FromResult(OpGeneration.Parse("1.12.9", "acme"));

    public override Task<OpPage> ListAsync(OpQuery query, CancellationToken ct) => log(query, ct);

    public override Task<ReadOnlyMemory<byte>> ListNamesAsync(NameKind kind, CancellationToken ct) => Task.FromResult(Names(kind));

    public override Task<ReadOnlyMemory<byte>> ListMembersAsync(string group, CancellationToken ct) =>
        Task.FromResult<ReadOnlyMemory<byte>>("[]"u8.ToArray());

    public override Task<ReadOnlyMemory<byte>> ListOfAsync(NameKind shows, NameKind of, string uuid, CancellationToken ct) =>
        Task.FromResult<ReadOnlyMemory<byte>>("[]"u8.ToArray());

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
