using OpCollector.Events;

namespace OpCollector.Cli;

/// <summary>
/// What happened from a moment on, read from the source of the configuration by somebody who looks: nothing is delivered, and nothing is
/// remembered.
/// </summary>
internal sealed class SourceHistory(Host host, DateTimeOffset since, DateTimeOffset until)
{
    /// <summary>Shows each event with its stream and explained, in the order of the source.</summary>
    /// <exception cref="Failure">The source cannot be read to its end.</exception>
    public async Task<ExitCode> ReadAsync(Action<ActivityEvent, string> show)
    {
        await using var run = Run.Open(new DryKind(new LookKind(host)));
        var end = await run.ToEndAsync(async collector =>
        {
            var begin = await run.Source.BackfillAsync(since, until, stream: null, host.Checkpoints.Read()?.Position, run.Limits.Stop);
            if (begin is null)
            {
                return;
            }

            await foreach (var page in collector.ReadAsync(begin))
            {
                foreach (var malformed in page.Malformed)
                {
                    host.Log.Warning("An item {Why}, and left out", malformed.Why);
                }

                foreach (var each in page.Events)
                {
                    show(each, page.Stream);
                }
            }
        });
        return end.CodeOrThrow();
    }
}
