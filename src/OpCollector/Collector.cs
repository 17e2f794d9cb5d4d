using OpCollector.Checkpoints;
using OpCollector.Delivery;
using OpCollector.Detection;
using OpCollector.Events;
using OpCollector.Names;
using OpCollector.Reporting;
using OpCollector.Sources;
using Serilog;

namespace OpCollector;

/// <summary>
/// The flow of the whole program: page the events after the checkpoint, add names, look for what the rules find, deliver both, put aside what cannot be
/// delivered, move the checkpoint. Always in this order, so that a crash at any instant repeats at most one batch and never loses an event.
/// </summary>
internal sealed class Collector(Source source, Naming naming, DetectionStage detection, RunLimits limits, TimeProvider time, ILogger log)
{
    // Whether the sink has taken anything in this run.
    bool _hasAccepted;

    /// <summary>What this run has done so far; true even when it ends with a failure.</summary>
    public RunCounts Counts { get; } = new();

    /// <summary>How far the source has been read; true even when the run ends with a failure.</summary>
    public ReadingState Reading { get; private set; }

    /// <summary>The events of this run whose time cannot be read.</summary>
    public UnreadableTimes UnreadableTimes { get; } = new();

    /// <summary>Who is told how far the run has come.</summary>
    public Progress? Progress { get; init; }

    /// <summary>Where the run begins: at the checkpoint, or, in the very first run, where the configuration says.</summary>
    public async Task<Checkpoint> StartAsync(Start start, CheckpointFile checkpoints)
    {
        if (checkpoints.Read() is { } checkpoint)
        {
            var position = source.WithAdded(checkpoint.Position);
            if (!ReferenceEquals(position, checkpoint.Position))
            {
                // Before anything is asked, as in a first run: if delivery fails for days, the position stays where it was.
                checkpoint = checkpoint with { Position = position };
                checkpoints.Write(checkpoint);
            }

            return checkpoint;
        }

        var first = new Checkpoint(await source.AnchorAsync(start, limits.Stop));
        // Before anything is delivered: if delivery fails for days, the first run's position stays where it was.
        checkpoints.Write(first);
        log.Warning("First run (start: {Start:l}): events after {Position:l} are collected from now on", start.Text, first.Position.Text);
        return first;
    }

    /// <summary>Delivers everything after the checkpoint.</summary>
    /// <param name="quarantineRejected">A receiver that takes nothing is right, and every event it refuses is put aside.</param>
    public async Task CollectAsync(
        Checkpoint checkpoint, CheckpointFile checkpoints, Sink sink, Quarantine quarantine, bool quarantineRejected = false)
    {
        var to = new Destination(sink, quarantine, checkpoints, quarantineRejected);
        Failure? failed = null;
        try
        {
            Failure? refused;
            do
            {
                (checkpoint, refused) = await DeliverAsync(checkpoint, to);
                failed = Together(failed, refused);
            }
            while (refused is not null && source.HasStreams);
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
        if (Counts.IsIdle && (checkpoints.IsDamaged || !ReferenceEquals(pruned, checkpoint.Position)))
        {
            checkpoints.Write(checkpoint with { Position = pruned });
        }
    }

    /// <summary>
    /// At the end of a run: tells, in a batch of its own, that the account has fallen silent or that its source cannot be read; once,
    /// and once when it is over.
    /// </summary>
    /// <param name="lastFullRead">When a run before this one last read the source to its end; null when none ever did.</param>
    /// <param name="ending">What time there is for it: that of the run may be over.</param>
    public async Task TellOfSilenceAsync(SilenceSettings silence, DateTimeOffset? lastFullRead, CheckpointFile checkpoints, Sink sink, Quarantine quarantine, RunLimits ending)
    {
        if (checkpoints.Read() is not { } checkpoint)
        {
            return;
        }

        var (findings, told) = Silence.Judge(silence, checkpoint.SilenceReported, checkpoint.Position.LastEvent(time.GetUtcNow()), Reading, lastFullRead, time.GetUtcNow());
        if (told == checkpoint.SilenceReported)
        {
            return;
        }

        var batch = new Batch(Streams.Audit, [.. findings.Where(finding => detection.Reports(finding.Rule)).Select(finding => finding.AsEvent())])
        {
            Search = sink.Fingerprint == checkpoint.SinkAccepted ? Search.OfRefused : Search.None,
        };
        var receipt = batch.Events.Count == 0 ? new Receipt([], []) : await sink.DeliverAsync(batch, ending);
        if ((receipt.End ?? receipt.WrongSink(sink.Name, hasAccepted: false, sink.Fingerprint == checkpoint.SinkAccepted)) is { } end)
        {
            throw end;
        }

        var quarantined = quarantine.Add(QuarantinedItem.Of(batch.Stream, [], receipt.Refused));
        checkpoints.Write(Knowing(sink, receipt, checkpoint with { SilenceReported = told }));
        if (batch.Events.Count > 0)
        {
            Counts.Add(events: 0, batch.Findings - receipt.RefusedFindings, quarantined);
        }
    }

    /// <summary>The same events and findings, printed instead of delivered; nothing is remembered, and a reader that has seen enough ends it.</summary>
    /// <param name="form">What is printed for a batch.</param>
    public async Task PreviewAsync(Checkpoint checkpoint, Func<Batch, ReadOnlyMemory<byte>> form, int? limit = null)
    {
        await foreach (var (page, items, _) in PagesAsync(checkpoint, limit))
        {
            foreach (var malformed in page.Malformed)
            {
                log.Warning("An item {Why} and would go to the quarantine", malformed.Why);
            }

            var batch = new Batch(page.Stream, items);
            Counts.Add(page.Events.Count, batch.Findings, quarantined: 0);
            if (!StdoutSink.TryPrint(form(batch).Span))
            {
                return;
            }
        }
    }

    /// <returns>The checkpoint behind what is delivered, and why a stream is left out from now on; null where all is delivered.</returns>
    async Task<(Checkpoint Checkpoint, Failure? Refused)> DeliverAsync(Checkpoint checkpoint, Destination to)
    {
        await foreach (var (page, items, correlations) in PagesAsync(checkpoint))
        {
            var batch = BatchOf(page.Stream, items, checkpoint, to.Sink);
            var receipt = await to.Sink.DeliverAsync(batch, limits);
            var isKnown = to.Sink.Fingerprint == checkpoint.SinkAccepted;
            var wrong = to.TakesRefusals ? null : receipt.WrongSink(to.Sink.Name, _hasAccepted, isKnown);
            _hasAccepted |= receipt.Accepted.Count > 0;
            if ((receipt.End ?? wrong) is { } end)
            {
                // The other streams go on behind the checkpoint, and what the rules have seen of this page is forgotten.
                source.LeaveOut(page.Stream);
                return (LeaveUnfinished(batch, receipt, checkpoint, to), end as Failure ?? throw end);
            }

            var quarantined = to.Quarantine.Add(QuarantinedItem.Of(page.Stream, page.Malformed, receipt.Refused));
            source.Remember(page);
            checkpoint = checkpoint.Releasing(page.Stream, items) with { Position = page.Position, Correlations = correlations };
            checkpoint = Knowing(to.Sink, receipt, checkpoint);
            to.Checkpoints.Write(checkpoint);
            Counts.Add(
                page.Events.Count - receipt.RefusedEvents - receipt.EarlierEvents,
                batch.Findings - receipt.RefusedFindings - receipt.EarlierFindings,
                quarantined);
            Progress?.Show(Counts, page.Position);
            log.Debug("Delivered {Count} events up to {Position:l}", receipt.Accepted.Count, page.Position.Text);
        }

        return (checkpoint, null);
    }

    Batch BatchOf(string stream, IReadOnlyList<ActivityEvent> items, Checkpoint checkpoint, Sink sink)
    {
        var isKnown = _hasAccepted || sink.Fingerprint == checkpoint.SinkAccepted;
        return new Batch(stream, items)
        {
            Search = !isKnown ? Search.None : checkpoint.IsStuck(stream, items, time.GetUtcNow()) ? Search.OfFailing : Search.OfRefused,
            Memory = BatchMemory.From(checkpoint.HeldOf(stream, items), sink.Fingerprint),
            HasOthersBehind = source.HasManyStreams,
        };
    }

    // The next run goes on with what is left. What ends one run after the other with the same batch may be the fault of that.
    Checkpoint LeaveUnfinished(Batch batch, Receipt receipt, Checkpoint checkpoint, Destination to)
    {
        var hasFailed = limits.Signal is null && receipt.End switch
        {
            Failure failure => failure.Code is ExitCode.HeldUp or ExitCode.SinkNonsense,
            OperationCanceledException => limits.Abandon.IsCancellationRequested,
            _ => false,
        };
        if (to.Sink.Fingerprint is null || receipt.End is null || !(hasFailed || receipt.Accepted.Count > 0 || !receipt.Memory.IsEmpty))
        {
            return checkpoint;
        }

        var quarantined = to.Quarantine.Add(QuarantinedItem.Of(batch.Stream, [], receipt.Refused));
        var held = checkpoint.HeldOf(batch.Stream, batch.Events) ?? new HeldBatch(batch.Stream, batch.Events[0].Id, 0, time.GetUtcNow());
        held = receipt.Memory.KeptIn(hasFailed ? held.Again(time.GetUtcNow()) : held, to.Sink.Fingerprint);
        checkpoint = Knowing(to.Sink, receipt, checkpoint.Holding(held));
        to.Checkpoints.Write(checkpoint);
        var findings = receipt.Accepted.Count(each => each.IsFinding);
        Counts.AddPart(receipt.Accepted.Count - findings, findings, quarantined);
        return checkpoint;
    }

    static Failure? Together(Failure? failed, Failure? refused) => failed is null || refused is null
        ? failed ?? refused
        : new Failure(ExitCodes.Worst(failed.Code, refused.Code), $"{failed.Message}. {refused.Message}");

    // While one page is delivered, one is looked at, and one is fetched.
    async IAsyncEnumerable<DetectedPage> PagesAsync(Checkpoint checkpoint, int? limit = null)
    {
        Reading = ReadingState.WaitingForSource;
        // The names of a page come before the next page: op is asked one thing at a time.
        var explained = ReadAhead.Of(naming.ExplainAsync(source.PagesAsync(checkpoint.Position, limits.Stop).Take(limit)), limits.Stop, static page => page.Bytes);
        await foreach (var page in ReadAhead.Of(detection.LookAsync(explained, checkpoint.Correlations), limits.Stop, static page => page.Bytes))
        {
            Reading = ReadingState.MoreToRead;
            foreach (var untimed in page.Page.Events.Where(each => each.Time is null))
            {
                UnreadableTimes.Add(untimed.Id, untimed.Bytes);
            }

            yield return page;
            Reading = ReadingState.WaitingForSource;
        }

        Reading = source.Trouble is null ? ReadingState.AllRead : ReadingState.WaitingForSource;
    }

    // What a sink has once accepted something of is no wrong configuration.
    static Checkpoint Knowing(Sink sink, Receipt receipt, Checkpoint checkpoint) =>
        receipt.Accepted.Count > 0 ? checkpoint with { SinkAccepted = sink.Fingerprint } : checkpoint;

    /// <summary>Where a run delivers to.</summary>
    /// <param name="TakesRefusals">Whether a receiver that takes nothing is right.</param>
    sealed record Destination(Sink Sink, Quarantine Quarantine, CheckpointFile Checkpoints, bool TakesRefusals);
}
