using System.Runtime.InteropServices;

namespace OpCollector.Timing;

/// <summary>
/// How long a run may go on: until <c>maxRunTime</c> or a signal. <see cref="Stop"/> means no new page and no new retry;
/// <see cref="Abandon"/> comes ten seconds later and ends the attempt in flight.
/// </summary>
internal sealed class RunLimits : IDisposable
{
    static readonly TimeSpan LastAttempt = TimeSpan.FromSeconds(10);

    readonly TimeProvider _time;
    readonly TimeSpan _maxRunTime;
    readonly long _started;
    readonly bool _bounded;
    readonly CancellationTokenSource _stop = new();
    readonly CancellationTokenSource _abandon;
    readonly ITimer? _deadline;
    readonly List<PosixSignalRegistration> _signals = [];

    RunLimits(TimeSpan maxRunTime, bool bounded, TimeProvider time)
    {
        _time = time;
        _maxRunTime = maxRunTime;
        _bounded = bounded;
        _started = time.GetTimestamp();
        _abandon = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _deadline = bounded ? time.CreateTimer(_ => End(), null, maxRunTime, Timeout.InfiniteTimeSpan) : null;
    }

    /// <summary>A run from cron: all of it, retries included, ends with <paramref name="maxRunTime"/>.</summary>
    public static RunLimits Within(TimeSpan maxRunTime, TimeProvider time) => new(maxRunTime, bounded: true, time);

    /// <summary>A run by hand: it may last, but each batch gets <paramref name="maxRunTime"/> to be delivered.</summary>
    public static RunLimits Unbounded(TimeSpan maxRunTime, TimeProvider time) => new(maxRunTime, bounded: false, time);

    public CancellationToken Stop => _stop.Token;

    public CancellationToken Abandon => _abandon.Token;

    /// <summary>The exit code of the signal that ended the run, if one did.</summary>
    public ExitCode? Signal { get; private set; }

    /// <summary>How long a delivery that begins now may retry.</summary>
    public TimeSpan RetryBudget => _bounded ? _maxRunTime - _time.GetElapsedTime(_started) : _maxRunTime;

    /// <summary>How long a delivery may retry when others wait behind it: in a run from cron half of the time is left to them.</summary>
    public TimeSpan SharedRetryBudget => _bounded ? RetryBudget / 2 : RetryBudget;

    /// <summary>From now on SIGTERM, SIGINT and SIGHUP end the run in order; a second one ends it at once.</summary>
    public RunLimits ObeySignals()
    {
        Obey(PosixSignal.SIGTERM, ExitCode.Terminated);
        Obey(PosixSignal.SIGINT, ExitCode.Interrupted);
        Obey(PosixSignal.SIGHUP, ExitCode.Hangup);
        return this;
    }

    public void Dispose()
    {
        _signals.ForEach(signal => signal.Dispose());
        _deadline?.Dispose();
        _abandon.Dispose();
        _stop.Dispose();
    }

    void Obey(PosixSignal signal, ExitCode code) =>
        _signals.Add(PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            if (Signal is not null)
            {
                Environment.Exit((int)code);
            }

            Signal = code;
            End();
        }));

    void End()
    {
        try
        {
            _abandon.CancelAfter(LastAttempt);
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The run came to its own end at this very moment.
        }
    }
}
