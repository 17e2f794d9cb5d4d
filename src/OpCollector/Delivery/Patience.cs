using Polly;
using Polly.Retry;
using Serilog;

namespace OpCollector.Delivery;

/// <summary>Tries something with a sink again where it may work the next time, as long as the delivery has time for it.</summary>
internal sealed class Patience
{
    static readonly ResiliencePropertyKey<Func<TimeSpan>> Remaining = new("remaining");

    readonly string _sink;
    readonly TimeProvider _time;
    readonly ILogger _log;

    // Made once: a pipeline validates its options by reflection, which takes longer than a request.
    readonly ResiliencePipeline<Outcome> _retry;

    /// <param name="sink">How the sink is called in messages.</param>
    public Patience(string sink, TimeProvider time, ILogger log)
    {
        (_sink, _time, _log) = (sink, time, log);
        _retry = new ResiliencePipelineBuilder<Outcome> { TimeProvider = time }.AddRetry(Retry()).Build();
    }

    /// <param name="attempt">What is tried; it learns how long the whole may still take.</param>
    /// <param name="stop">Ends the wait for the next attempt, but no attempt.</param>
    public async Task TryAsync(Func<Func<TimeSpan>, Task<Outcome>> attempt, TimeSpan budget, CancellationToken stop)
    {
        var (began, hasOutcome) = (_time.GetTimestamp(), false);
        TimeSpan Rest() => budget - _time.GetElapsedTime(began);
        var context = ResilienceContextPool.Shared.Get(stop);
        context.Properties.Set(Remaining, Rest);
        try
        {
            await _retry.ExecuteAsync(
                async _ =>
                {
                    var outcome = await attempt(Rest);
                    hasOutcome = true;
                    return outcome;
                },
                context);
        }
        catch (OperationCanceledException) when (hasOutcome)
        {
            // The wait for the next attempt ended with the run.
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    RetryStrategyOptions<Outcome> Retry() => new()
    {
        MaxRetryAttempts = int.MaxValue,
        ShouldHandle = args => ValueTask.FromResult(
            args.Outcome.Result is { MayRetry: true, IsForNextRun: false } outcome
            && TimeLeft(args.Context) > (outcome.RetryAfter ?? TimeSpan.Zero)),
        DelayGenerator = args => ValueTask.FromResult<TimeSpan?>(Backoff.Delay(
            args.AttemptNumber,
            Random.Shared.NextDouble(),
            args.Outcome.Result!.RetryAfter,
            atMost: TimeLeft(args.Context))),
        OnRetry = args =>
        {
            var (what, delay) = (args.Outcome.Result!.What, args.RetryDelay.TotalSeconds);
            _log.Information("The sink {Sink:l} {What:l}; trying again in {Delay:0.0} s", _sink, what, delay);
            return default;
        },
    };

    static TimeSpan TimeLeft(ResilienceContext context) => context.Properties.GetValue(Remaining, () => TimeSpan.Zero)();
}
