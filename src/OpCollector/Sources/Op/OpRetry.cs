using Serilog;

namespace OpCollector.Sources.Op;

/// <summary>Calls op again where that may help in a moment, with a growing pause in between.</summary>
internal sealed class OpRetry(TimeProvider time, ILogger log)
{
    const int MostRetries = 3;

    /// <returns>What came of the last call, which may be a failure too.</returns>
    public async Task<Result<T, OpFailure>> CallAsync<T>(Func<CancellationToken, Task<Result<T, OpFailure>>> call, CancellationToken ct)
    {
        for (var retries = 0; ; retries++)
        {
            var result = await call(ct);
            if (result.Succeeded(out _, out var failure)
                || retries == MostRetries
                || failure.Kind is not (OpFailureKind.Retry or OpFailureKind.Throttled))
            {
                return result;
            }

            var delay = Backoff.Delay(retries, Random.Shared.NextDouble());
            log.Information("op failed ({Reason:l}); trying again in {Delay:0.0} s", failure.Text, delay.TotalSeconds);
            await Task.Delay(delay, time, ct);
        }
    }
}
