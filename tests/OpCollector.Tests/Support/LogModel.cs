using System.Text;
using OpCollector.Sources;
using OpCollector.Sources.Op;

namespace OpCollector.Tests.Support;

/// <summary>
/// The Activity Log in one process, for thousands of histories: it answers as a server may, whatever "newer" means to it.
/// </summary>
internal sealed class LogModel(NewerMeans newer, Random random, int pageSize = 100, bool inclusive = false) : Op
{
    readonly List<long> _eids = [];
    readonly Dictionary<long, DateTimeOffset> _times = [];

    /// <summary>In their order.</summary>
    public IReadOnlyCollection<long> Eids => _eids;

    /// <summary>How many questions were asked.</summary>
    public int Asked { get; private set; }

    /// <summary>Fails the question with this number, as a kill or the end of the run's time would.</summary>
    public int? FailsAt { get; set; }

    public void Add(long eid, DateTimeOffset? time = null)
    {
        if (!_times.ContainsKey(eid))
        {
            _eids.Insert(CountBelow(eid), eid);
        }

        _times[eid] = time ?? DateTimeOffset.UtcNow;
    }

    /// <summary>What 1Password does with events older than a year.</summary>
    public void ForgetBelow(long eid)
    {
        var forgotten = CountBelow(eid);
        _eids[..forgotten].ForEach(each => _times.Remove(each));
        _eids.RemoveRange(0, forgotten);
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
            LogSide.Newest => Newest(0, _eids.Count),
            LogSide.Older => Newest(0, inclusive ? CountUpTo(query.Eid) : CountBelow(query.Eid)),
            _ => Newer(inclusive ? CountBelow(query.Eid) : CountUpTo(query.Eid)),
        };
        var json = $"[{string.Join(',', eids.Select(eid => Account.Event(eid, _times[eid])))}]";
        return Task.FromResult(OpPage.Parse(Encoding.UTF8.GetBytes(json)));
    }

    public override Task<IReadOnlyList<ListedEntity>> ListNamesAsync(NameQuery query, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<ListedEntity>>([]);

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    IEnumerable<long> Newer(int from) => newer switch
    {
        NewerMeans.NextAscending => _eids.Skip(from).Take(pageSize),
        NewerMeans.NextDescending => _eids.Skip(from).Take(pageSize).Reverse(),
        NewerMeans.NextShuffled => _eids.Skip(from).Take(pageSize).OrderBy(_ => random.Next()),
        _ => Newest(from, _eids.Count),
    };

    // Of those from one place to another, the last page, and the newest first.
    IEnumerable<long> Newest(int from, int to) => _eids[Math.Max(from, to - pageSize)..to].Reverse<long>();

    int CountBelow(long eid) => _eids.BinarySearch(eid) is >= 0 and var at ? at : ~_eids.BinarySearch(eid);

    int CountUpTo(long eid) => CountBelow(eid) + (_times.ContainsKey(eid) ? 1 : 0);
}
