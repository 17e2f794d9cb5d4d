using OpCollector.Cli.Hosting;
using OpCollector.Cli.Input;
using OpCollector.Events;

namespace OpCollector.Cli.Runs;

/// <summary>
/// What happened from a moment to another, read from the source of the configuration by somebody who looks: nothing is delivered, and
/// nothing is remembered.
/// </summary>
internal sealed class SourceHistory(Host host, DateTimeOffset since, DateTimeOffset until)
{
    readonly SkippedInput _skipped = new(host.Log);
    long _events;

    /// <summary>The only stream that is wanted; null for all of them.</summary>
    public string? Stream { get; init; }

    /// <summary>Shows each event with its stream and explained, in the order of the source.</summary>
    /// <returns>The exit code: it also says whether something was left out that is not an event.</returns>
    /// <exception cref="Failure">The source cannot be read to its end, or a signal has ended it before.</exception>
    public Task<ExitCode> ReadAsync(Action<ActivityEvent, string> show) => ReadAsync(show, _ => Task.CompletedTask);

    /// <inheritdoc cref="ReadAsync(Action{ActivityEvent, string})"/>
    /// <param name="ask">What else the source is asked for when all events are read.</param>
    public async Task<ExitCode> ReadAsync(Action<ActivityEvent, string> show, Func<SourceRun, Task> ask)
    {
        await using var run = SourceRun.Open(new DryKind(new HistoryKind(host)));
        var end = await run.ToEndAsync(async collector =>
        {
            if (await run.Source.BackfillAsync(since, until, Stream, host.Checkpoints.Read()?.Position, run.Limits.Stop) is not { } begin)
            {
                return;
            }

            await foreach (var (page, _) in collector.ReadAsync(begin))
            {
                foreach (var malformed in page.Malformed)
                {
                    _skipped.Add(page.Stream, malformed.Id, malformed.Why);
                }

                foreach (var each in page.Events)
                {
                    _events++;
                    show(each, page.Stream);
                }
            }

            _skipped.Finish(_events);
            await ask(run);
        });
        return end.CodeOrThrow() is not ExitCode.Done and var ended
            ? throw new Failure(ended, "Stopped before all events were read, so nothing is shown and no file is written")
            : _skipped.Code;
    }
}
