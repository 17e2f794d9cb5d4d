using OpCollector.Sources;
using Serilog;

namespace OpCollector.Reporting;

/// <summary>
/// How far a long run has come: a bar on a terminal, else a line a minute with <c>--verbose</c>. Until the first delivery it shows what
/// was read. A quick run shows neither.
/// </summary>
/// <param name="terminal">Null where no bar can be drawn.</param>
/// <param name="sharesScreen">Whether what the run prints goes to the same screen: then the bar ends where that begins.</param>
internal sealed class RunProgress(Terminal? terminal, TimeProvider time, ILogger log, bool sharesScreen = false) : IAsyncDisposable
{
    static readonly TimeSpan Quick = TimeSpan.FromSeconds(2);
    static readonly TimeSpan BetweenLines = TimeSpan.FromMinutes(1);

    readonly CancellationTokenSource _stop = new();
    (Position Position, int Events, long At)? _first;
    long _logged = time.GetTimestamp();
    ProgressState? _state;
    Task _showing = Task.CompletedTask;

    /// <summary>From now on somebody waits for this run.</summary>
    public void Begin(ReadCount read) => _showing = terminal is null ? LogAsync(read) : DrawAsync(terminal, read);

    /// <summary>A batch is delivered.</summary>
    public void Show(RunCounts counts, Position position)
    {
        var done = counts.Events + counts.LeftBehind;
        var (first, eventsThen, at) = _first ??= (position, done, time.GetTimestamp());
        _state = ProgressState.Estimate(done, first, eventsThen, position, time.GetElapsedTime(at), time.GetUtcNow());
        if (terminal is null && time.GetElapsedTime(_logged) >= BetweenLines)
        {
            _logged = time.GetTimestamp();
            log.Debug("{Progress:l}", _state.Text);
        }
    }

    /// <summary>A batch is about to be printed.</summary>
    public async Task ShowPrintedAsync(RunCounts counts, Position position)
    {
        if (sharesScreen)
        {
            await EndAsync();
        }
        else
        {
            Show(counts, position);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _stop.Dispose();
    }

    async Task EndAsync()
    {
        await _stop.CancelAsync();
        await _showing;
    }

    async Task DrawAsync(Terminal screen, ReadCount read)
    {
        if (await Terminal.PassesAsync(Quick, time, _stop.Token))
        {
            await screen.DrawAsync(() => (_state?.Part, _state?.Text ?? read.Text), _stop.Token);
        }
    }

    // Until something is delivered; then each delivery tells.
    async Task LogAsync(ReadCount read)
    {
        while (_state is null && await Terminal.PassesAsync(BetweenLines, time, _stop.Token))
        {
            if (_state is null)
            {
                log.Debug("{Progress:l}", read.Text);
            }
        }
    }
}
