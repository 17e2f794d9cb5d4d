using OpCollector.Sources;
using Serilog;

namespace OpCollector.Reporting;

/// <summary>
/// How far a long run has come, for whoever waits for it: a bar on a terminal, else a line a minute with <c>--verbose</c>. A quick run
/// shows neither.
/// </summary>
/// <param name="terminal">Null where no bar can be drawn.</param>
internal sealed class Progress(Terminal? terminal, TimeProvider time, ILogger log) : IAsyncDisposable
{
    static readonly TimeSpan Quick = TimeSpan.FromSeconds(2);
    static readonly TimeSpan BetweenLines = TimeSpan.FromMinutes(1);

    readonly CancellationTokenSource _stop = new();
    readonly long _started = time.GetTimestamp();
    (Position Position, int Events, long At)? _first;
    long _told = time.GetTimestamp();
    ProgressState? _state;
    Task? _drawing;

    /// <summary>A batch is delivered.</summary>
    public void Show(RunCounts counts, Position position)
    {
        var (first, eventsThen, at) = _first ??= (position, counts.Events, time.GetTimestamp());
        _state = ProgressState.Of(counts.Events, first, eventsThen, position, time.GetElapsedTime(at), time.GetUtcNow());
        if (terminal is not null)
        {
            _drawing ??= time.GetElapsedTime(_started) > Quick ? terminal.DrawAsync(() => _state!, _stop.Token) : null;
        }
        else if (time.GetElapsedTime(_told) >= BetweenLines)
        {
            _told = time.GetTimestamp();
            log.Debug("{Progress:l}", _state.Text);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await (_drawing ?? Task.CompletedTask);
        _stop.Dispose();
    }
}
