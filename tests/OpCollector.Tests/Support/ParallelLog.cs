using OpCollector.Sources.Op;

namespace OpCollector.Tests.Support;

/// <summary>A log that is asked several things at once: answers come in any order, and some questions fail.</summary>
internal sealed class ParallelLog(LogModel log, Random random, RefusalKind refuses = RefusalKind.Nothing)
{
    readonly SemaphoreSlim _turn = new(1);
    int _underWay;

    /// <summary>The most questions that were under way together.</summary>
    public int MostUnderWay { get; private set; }

    /// <summary>Of so many questions one fails; 0 for none.</summary>
    public int FailsOneIn { get; set; }

    /// <summary>What happens to the log between answers.</summary>
    public Action? Meanwhile { get; set; }

    /// <summary>What it shows of an answer.</summary>
    public Func<OpQuery, OpPage, OpPage> Shows { get; init; } = (_, page) => page;

    public async Task<OpPage> ListAsync(OpQuery query, CancellationToken ct)
    {
        Interlocked.Increment(ref _underWay);
        try
        {
            for (var patience = 1 + (query.Eid * 7 % 6); patience > 0; patience--)
            {
                await Task.Yield();
            }

            await _turn.WaitAsync(ct);
            try
            {
                MostUnderWay = Math.Max(MostUnderWay, _underWay);
                Meanwhile?.Invoke();
                return Shows(query, await AnswerAsync(query, ct));
            }
            finally
            {
                _turn.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }

    Task<OpPage> AnswerAsync(OpQuery query, CancellationToken ct) =>
        FailsOneIn > 0 && random.Next(FailsOneIn) == 0 ? throw Failed
        : query.Side != LogSide.Older || log.Eids.Contains(query.Eid) ? log.ListAsync(query, ct)
        : refuses switch
        {
            RefusalKind.WithAnError => throw Failed,
            RefusalKind.WithAnEmptyPage => Task.FromResult(OpPage.Empty),
            RefusalKind.WithTheNewestPage => log.ListAsync(OpQuery.Newest, ct),
            _ => log.ListAsync(query, ct),
        };

    static Failure Failed => new(ExitCode.SourceUnavailable, "op list events: 404: Not Found");
}
