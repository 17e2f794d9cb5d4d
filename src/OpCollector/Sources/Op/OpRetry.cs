using Polly;
using Polly.Retry;
using Serilog;

namespace OpCollector.Sources.Op;

/// <summary>Calls op again where that may help in a moment, with a growing pause in between.</summary>
internal sealed class OpRetry(TimeProvider time, ILogger log)
{
    const int MostRetries = 3;

    // Made once: a pipeline validates its options by reflection.
    readonly ResiliencePipeline<OpReply> _pipeline = new ResiliencePipelineBuilder<OpReply> { TimeProvider = time }
        .AddRetry(new RetryStrategyOptions<OpReply>
        {
            MaxRetryAttempts = MostRetries,
            ShouldHandle = args =>
                ValueTask.FromResult(args.Outcome.Result?.Failure?.Kind is OpFailureKind.Retry or OpFailureKind.Throttled),
            DelayGenerator = args => ValueTask.FromResult<TimeSpan?>(Backoff.Delay(args.AttemptNumber, Random.Shared.NextDouble())),
            OnRetry = args =>
            {
                log.Information(
                    "op failed ({Reason:l}); trying again in {Delay:0.0} s",
                    args.Outcome.Result!.Failure!.Text,
                    args.RetryDelay.TotalSeconds);
                return default;
            },
        })
        .Build();

    /// <returns>The last reply, which may be a failure too.</returns>
    public async Task<OpReply> CallAsync(Func<CancellationToken, Task<OpReply>> call, CancellationToken ct) =>
        await _pipeline.ExecuteAsync(async retried => await call(retried), ct);
}
