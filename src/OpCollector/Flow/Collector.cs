using OpCollector.Checkpoints;
using OpCollector.Delivery;
using OpCollector.Detection;
using OpCollector.Events;
using OpCollector.Names;
using OpCollector.Reporting;
using OpCollector.Sources;
using Serilog;

namespace OpCollector.Flow;

/// <summary>
/// The flow of the whole program: page the events after the checkpoint, add names, look for what the rules find, deliver both, put aside
/// what cannot be delivered, move the checkpoint. Always in this order, so that a crash at any instant repeats at most one batch and never
/// loses an event.
/// </summary>
internal sealed class Collector(
    Source source, NamingStage naming, DetectionStage detection, RunLimits limits, TimeProvider time, ILogger log)
{
    /// <summary>What this run has done so far; true even when it ends with a failure.</summary>
    public RunCounts Counts { get; } = new();

    /// <summary>What a dry run has found.</summary>
    public FoundByLevel Found { get; } = new();

    /// <summary>How far the source has been read; true even when the run ends with a failure.</summary>
    public ReadingState Reading { get; private set; }

    /// <summary>The events of this run whose time cannot be read.</summary>
    public UnreadableTimes UnreadableTimes { get; } = new();

    /// <summary>Shows how far the run has come; null where nobody looks.</summary>
    public RunProgress? Progress { get; init; }

    /// <summary>Where the run begins: at the checkpoint, or, in the very first run, where the configuration says.</summary>
    /// <param name="known">What the checkpoint says; null in a first run.</param>
    /// <returns>The known one where the configuration has added nothing to the source.</returns>
    public async Task<Checkpoint> FindStartAsync(StartingPoint start, Checkpoint? known)
    {
        if (known is null)
        {
            return new Checkpoint(await source.BeginAsync(start, limits.Stop));
        }

        var position = source.WithAdded(known.Position);
        return ReferenceEquals(position, known.Position) ? known : known with { Position = position };
    }

    /// <summary>Finds where the run begins, and keeps it, so that later runs begin there too.</summary>
    public async Task<Checkpoint> StartAsync(StartingPoint start, CheckpointFile checkpoints)
    {
        var known = checkpoints.Read();
        var begun = await FindStartAsync(start, known);
        if (!ReferenceEquals(begun, known))
        {
            // Before anything is read: if delivery fails for days, the position stays where it was.
            checkpoints.Write(begun);
        }

        if (known is null)
        {
            log.Warning("First run: collecting what comes after {Position:l} (start: {Start:l})", begun.Position.Text, start.Text);
        }

        return begun;
    }

    /// <summary>Delivers everything after the checkpoint.</summary>
    /// <exception cref="Failure">Some of it could not be read or delivered; what was is behind the checkpoint.</exception>
    public async Task DeliverAllAsync(Checkpoint checkpoint, Destination to)
    {
        Failure? failed = null;
        try
        {
            Failure? leftOut;
            // A stream whose page cannot be delivered is left out, and the others go on without it.
            do
            {
                (checkpoint, leftOut) = await DeliverPagesAsync(checkpoint, to);
                failed = Combine(failed, leftOut);
            }
            while (leftOut is not null && source.HasStreams);
        }
        catch (OperationCanceledException) when (failed is not null)
        {
            // The run's time was over with the other streams.
        }

        if (failed is not null)
        {
            Reading = ReadingState.MoreToRead;
            throw failed;
        }

        source.Finish(checkpoint.Position);
        var pruned = checkpoint.Position.Pruned(time.GetUtcNow());
        if (Counts.IsIdle && (to.Checkpoints.IsDamaged || !ReferenceEquals(pruned, checkpoint.Position)))
        {
            to.Checkpoints.Write(checkpoint with { Position = pruned });
        }
    }

    /// <summary>
    /// Prints everything after the checkpoint instead of delivering it. Nothing is remembered, and a reader that has seen enough ends it.
    /// </summary>
    public async Task PreviewAsync(Checkpoint checkpoint, PreviewFormat format, int? limit = null)
    {
        await foreach (var (page, items, _, dropped) in PagesAsync(checkpoint, limit))
        {
            foreach (var malformed in page.Malformed)
            {
                log.Warning("An item {Why} and would go to the quarantine", malformed.Why);
            }

            var batch = new Batch(page.Stream, items);
            Counts.Add(batch.Events.Count - batch.Findings, batch.Findings, quarantined: 0, dropped);
            Found.Add(batch.Events);
            await (Progress?.ShowPrintedAsync(Counts, page.Position) ?? Task.CompletedTask);
            if (!StdoutSink.TryPrint(format.Print(batch).Span, limits.Abandon))
            {
                return;
            }
        }
    }

    /// <summary>The events themselves, explained, for somebody who looks back. Nothing is delivered or remembered.</summary>
    public IAsyncEnumerable<NamedPage> ReadAsync(Position from) =>
        ReadAhead.Prefetch(naming.ExplainAsync(source.PagesAsync(from, limits.Stop)), limits.Stop, static page => page.Page.Bytes);

    /// <returns>The checkpoint behind what is delivered, and why a stream is left out from now on; null where all is delivered.</returns>
    async Task<(Checkpoint Checkpoint, Failure? LeftOut)> DeliverPagesAsync(Checkpoint checkpoint, Destination to)
    {
        await foreach (var detected in PagesAsync(checkpoint))
        {
            var page = detected.Page;
            var delivered = await to.DeliverPageAsync(detected, checkpoint, source.HasManyStreams);
            if (delivered.End is { } end)
            {
                // The other streams go on behind the checkpoint, and what the rules have seen of this page is forgotten.
                source.LeaveOut(page.Stream);
                checkpoint = KeepAcceptedPart(delivered, checkpoint, to);
                return end switch
                {
                    Failure { Code: not ExitCode.Disk } failure => (checkpoint, failure),
                    OperationCanceledException when limits.Abandon.IsCancellationRequested =>
                        throw new SinkHungException(delivered.Parts[^1].Route.SinkName, end),
                    _ => throw end,
                };
            }

            var putAside = 0;
            checkpoint = Destination.WithAcceptingSinks(delivered, checkpoint.Behind(detected));
            to.WriteTogether(() =>
            {
                putAside = to.PutAside(page.Stream, page.Malformed, delivered);
                page.Memory.Write();
                detection.Remember(detected.Remembered);
                to.Checkpoints.Write(checkpoint);
            });
            Count(detected, delivered, putAside);
            Progress?.Show(Counts, page.Position);
        }

        return (checkpoint, null);
    }

    void Count(DetectedPage detected, Delivered delivered, int putAside)
    {
        var sent = detected.Items.Count(each => !each.IsFinding);
        var (events, findings) = (sent - delivered.EventsNotDeliveredNow, delivered.Findings);
        Counts.Add(events, findings, putAside, detected.Dropped, detected.Page.Events.Count - detected.Dropped - sent);
        log.Debug("Delivered {Events} events and {Findings} findings up to {Position:l}", events, findings, detected.Page.Position.Text);
    }

    Checkpoint KeepAcceptedPart(Delivered delivered, Checkpoint checkpoint, Destination to)
    {
        if (to.KeepUnfinished(delivered, checkpoint) is not var (kept, putAside))
        {
            return checkpoint;
        }

        var accepted = delivered.Accepted;
        var findings = accepted.Count(each => each.IsFinding);
        Counts.AddPart(accepted.Count - findings, findings, putAside);
        return kept;
    }

    static Failure? Combine(Failure? failed, Failure? leftOut) => failed is null || leftOut is null
        ? failed ?? leftOut
        : new Failure(ExitCodes.Worst(failed.Code, leftOut.Code), $"{failed.Message}. {leftOut.Message}");

    // While one page is delivered, one is looked at, and one is fetched.
    async IAsyncEnumerable<DetectedPage> PagesAsync(Checkpoint checkpoint, int? limit = null)
    {
        Reading = ReadingState.WaitingForSource;
        // The names of a page come before the next page: op is asked one thing at a time.
        var pages = naming.ExplainAsync(source.PagesAsync(checkpoint.Position, limits.Stop).Take(limit));
        var explained = ReadAhead.Prefetch(pages, limits.Stop, static page => page.Page.Bytes);
        var detected = detection.DetectAsync(explained, checkpoint.Memory, checkpoint.Correlations);
        await foreach (var page in ReadAhead.Prefetch(detected, limits.Stop, static page => page.Bytes))
        {
            Reading = ReadingState.MoreToRead;
            foreach (var untimed in page.Page.Events.Where(each => each.Time is null))
            {
                UnreadableTimes.Add(untimed.Id, untimed.Bytes);
            }

            yield return page;
            Reading = ReadingState.WaitingForSource;
        }

        Reading = source.PartialFailure is null ? ReadingState.AllRead : ReadingState.WaitingForSource;
    }
}
