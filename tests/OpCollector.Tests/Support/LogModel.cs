using System.Text;
using OpCollector.Events;
using OpCollector.Sources.Op;

namespace OpCollector.Tests.Support;

/// <summary>
/// The Activity Log in one process, for thousands of histories: it answers as a server may, whatever "newer" means to it.
/// </summary>
internal sealed class LogModel(NewerMeans newer, Random random, int pageSize = 100, bool inclusive = false) : Op
{
    readonly SortedDictionary<long, DateTimeOffset> _events = [];

    public IReadOnlyCollection<long> Eids => _events.Keys;

    /// <summary>How many questions were asked.</summary>
    public int Asked { get; private set; }

    /// <summary>Fails the question with this number, as a kill or the end of the run's time would.</summary>
    public int? FailsAt { get; set; }

    public void Add(long eid, DateTimeOffset? time = null) => _events[eid] = time ?? DateTimeOffset.UtcNow;

    /// <summary>What 1Password does with events older than a year.</summary>
    public void ForgetBelow(long eid)
    {
        foreach (var old in _events.Keys.TakeWhile(each => each < eid).ToList())
        {
            _events.Remove(old);
        }
    }

    public override Task<OpGeneration> SignedInAsync(CancellationToken ct) => Task.FromResult(OpGeneration.Parse("1.12.9", "acme"));

    public override Task<OpPage> ListAsync(OpQuery query, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        if (++Asked == FailsAt)
        {
            throw new OperationCanceledException("stopped");
        }

        var eids = query.Side switch
        {
            LogSide.Newest => _events.Keys.TakeLast(pageSize).Reverse(),
            LogSide.Older =>
                _events.Keys.TakeWhile(each => each < query.Eid || (inclusive && each == query.Eid)).TakeLast(pageSize).Reverse(),
            _ => Newer(_events.Keys.Where(each => each > query.Eid || (inclusive && each == query.Eid))),
        };
        var json = $"[{string.Join(',', eids.Select(eid => Account.Event(eid, _events[eid])))}]";
        return Task.FromResult(OpPage.Parse(Encoding.UTF8.GetBytes(json)));
    }

    public override Task<ReadOnlyMemory<byte>> ListNamesAsync(NameKind kind, CancellationToken ct) =>
        Task.FromResult<ReadOnlyMemory<byte>>("[]"u8.ToArray());

    public override Task<ReadOnlyMemory<byte>> ListMembersAsync(string group, CancellationToken ct) =>
        Task.FromResult<ReadOnlyMemory<byte>>("[]"u8.ToArray());

    public override Task<ReadOnlyMemory<byte>> ListOfAsync(NameKind shows, NameKind of, string uuid, CancellationToken ct) =>
        Task.FromResult<ReadOnlyMemory<byte>>("[]"u8.ToArray());

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    IEnumerable<long> Newer(IEnumerable<long> above) => newer switch
    {
        NewerMeans.NextAscending => above.Take(pageSize),
        NewerMeans.NextDescending => above.Take(pageSize).Reverse(),
        NewerMeans.NextShuffled => above.Take(pageSize).OrderBy(_ => random.Next()),
        _ => above.TakeLast(pageSize).Reverse(),
    };
}
