using OpCollector.Checkpoints;
using OpCollector.Events;
using OpCollector.Sources;
using OpCollector.Sources.Op;
using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace OpCollector.Tests.Support;

/// <summary>
/// Runs of the real source on a log that is played, such as <see cref="LogModel"/>, with the real walk file and the real position, and a
/// receiver that remembers everything; any of them can be cut off at any place.
/// </summary>
internal sealed class SourceRuns(Func<OpQuery, CancellationToken, Task<OpPage>> list) : IDisposable
{
    public const string Source = "op:acme";

    readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("opcollector-test-");

    public OpPosition? Position { get; set; }

    /// <summary>How many questions may be under way at once.</summary>
    public int Parallel { get; set; } = 1;

    /// <summary>The last event that is wanted; null for all of them.</summary>
    public long? To { get; set; }

    /// <summary>What was logged, in warnings and below.</summary>
    public List<LogEvent> Log { get; } = [];

    /// <summary>Every batch in the order of delivery.</summary>
    public List<long[]> Batches { get; } = [];

    public IEnumerable<long> Delivered => Batches.SelectMany(batch => batch);

    public string WalkFile => Path.Combine(_directory.FullName, "walk.ndjson");

    /// <summary>One run. It is killed after <paramref name="killAfter"/> batches: delivered, and not in the checkpoint.</summary>
    /// <returns>Whether it came to its end.</returns>
    public async Task<bool> RunAsync(StartingPoint start, int? killAfter = null)
    {
        using var logger = new LoggerConfiguration().WriteTo.Sink(new Remembering(Log)).CreateLogger();
        var op = new PlayedOp(list) { Parallel = Parallel };
        await using var source = new OpSource(op, new OpWalk(op, Source, WalkFile, logger), Source, TimeProvider.System, logger);
        try
        {
            Position ??= (OpPosition)await source.BeginAsync(start, default);
            Position = Position with { Backfill = To is { } to ? new OpBackfill(Position.LastEventId, to) : null };
            await foreach (var page in source.PagesAsync(Position, default))
            {
                Batches.Add([.. page.Events.Select(each => each.Eid)]);
                if (killAfter-- == 0)
                {
                    return false;
                }

                Position = (OpPosition)page.Position;
            }

            source.Finish(Position);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    public void Dispose() => _directory.Delete(recursive: true);

    sealed class Remembering(List<LogEvent> log) : ILogEventSink
    {
        public void Emit(LogEvent logEvent) => log.Add(logEvent);
    }
}
