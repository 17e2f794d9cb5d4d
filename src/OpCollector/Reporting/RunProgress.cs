using OpCollector.Sources;

namespace OpCollector.Reporting;

/// <summary>Shows how far a long run has come: what it has read until the first delivery, then what it has delivered.</summary>
internal abstract class RunProgress(TimeProvider time) : IAsyncDisposable
{
    readonly CancellationTokenSource _stop = new();
    (Position Position, int Events, long At)? _first;
    Task _showing = Task.CompletedTask;

    /// <summary>How far the deliveries are; null until the first one.</summary>
    protected ProgressState? State { get; private set; }

    /// <summary>From now on somebody waits for this run.</summary>
    public void Begin(ReadCount read) => _showing = ShowAsync(read, _stop.Token);

    /// <summary>A batch is delivered.</summary>
    public virtual void Show(RunCounts counts, Position position)
    {
        var done = counts.Events + counts.LeftBehind;
        var (first, eventsThen, at) = _first ??= (position, done, time.GetTimestamp());
        State = ProgressState.Estimate(done, first, eventsThen, position, time.GetElapsedTime(at), time.GetUtcNow());
    }

    /// <summary>A batch is about to be printed.</summary>
    public virtual Task ShowPrintedAsync(RunCounts counts, Position position)
    {
        Show(counts, position);
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _stop.Dispose();
    }

    /// <summary>Shows how far the run is until it is stopped, or until the first delivery where each of them shows it.</summary>
    protected abstract Task ShowAsync(ReadCount read, CancellationToken stop);

    protected async Task EndAsync()
    {
        await _stop.CancelAsync();
        await _showing;
    }
}
