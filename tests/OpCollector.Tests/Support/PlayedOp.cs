using OpCollector.Events;
using OpCollector.Sources;
using OpCollector.Sources.Op;

namespace OpCollector.Tests.Support;

/// <summary>An op whose answers a spec plays.</summary>
internal sealed class PlayedOp(Func<OpQuery, CancellationToken, Task<OpPage>> log) : Op
{
    public Func<NameKind, IReadOnlyList<ListedEntity>> Names { get; init; } = _ => [];

    /// <summary>How many pages it lets itself be asked for at once.</summary>
    public int Parallel { get; init; } = 1;

    public override int MostCalls => Parallel;

    public override Task<OpGeneration> SignedInAsync(CancellationToken ct) => Task.FromResult(OpGeneration.Parse("1.12.9", "acme"));

    public override Task<OpPage> ListAsync(OpQuery query, CancellationToken ct) => log(query, ct);

    public override Task<IReadOnlyList<ListedEntity>> ListNamesAsync(NameQuery query, CancellationToken ct) =>
        Task.FromResult(query is NamesOfKind ? Names(query.Shows) : []);

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
