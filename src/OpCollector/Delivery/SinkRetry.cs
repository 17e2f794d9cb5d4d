using Serilog;

namespace OpCollector.Delivery;

/// <summary>Tries something with a sink again where it may work the next time, as long as the delivery has time for it.</summary>
/// <param name="sink">How the sink is called in messages.</param>
internal sealed class SinkRetry(string sink, TimeProvider time, ILogger log)
{
    /// <param name="stop">Ends the wait for the next attempt, but no attempt.</param>
    public async Task TryAsync(Func<Task<DeliveryOutcome>> attempt, TimeBudget budget, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        var retries = 0;
        while (await attempt() is { MayRetry: true, IsForNextRun: false } outcome && budget.Left > (outcome.RetryAfter ?? TimeSpan.Zero))
        {
            var delay = Backoff.Delay(retries++, Random.Shared.NextDouble(), outcome.RetryAfter, atMost: budget.Left);
            log.Information(
                "The sink {Sink:l} {What:l}; trying again in {Delay:0.0} s", sink, outcome.What, delay.TotalSeconds);
            try
            {
                await Task.Delay(delay, time, stop);
            }
            catch (OperationCanceledException)
            {
                // The wait for the next attempt ended with the run.
                return;
            }
        }
    }
}
