using OpCollector.Checkpoints;
using OpCollector.Configuration;
using OpCollector.Delivery;
using OpCollector.Detection;
using OpCollector.Enrichment;
using OpCollector.Events;
using OpCollector.Reporting;
using OpCollector.Sources;
using Serilog;

namespace OpCollector;

/// <summary>
/// The flow of the whole program: page the events after the checkpoint, add names, look for what the rules find, deliver both, put aside what cannot be
/// delivered, move the checkpoint. Always in this order, so that a crash at any instant repeats at most one batch and never loses an event.
/// </summary>
internal sealed class Collector(Source source, Naming naming, Watch watch, RunLimits limits, TimeProvider time, ILogger log)
{
    /// <summary>What this run has done so far; true even when it ends with a failure.</summary>
    public RunCounts Counts { get; } = new();

    /// <summary>Who is told how far the run has come.</summary>
    public Progress? Progress { get; init; }

    /// <summary>Whether the source has shown everything that there was.</summary>
    public bool HasReadAll { get; private set; }

    /// <summary>Whether it is the source's turn, so that a failure is the source's.</summary>
    public bool IsReading { get; private set; }

    /// <summary>Where the run begins: at the checkpoint, or, in the very first run, where the configuration says.</summary>
    public async Task<Checkpoint> StartAsync(Start start, CheckpointFile checkpoints)
    {
        if (checkpoints.Read() is { } checkpoint)
        {
            return checkpoint;
        }

        var first = await source.AnchorAsync(start, limits.Stop);
        // Before anything is delivered: if delivery fails for days, the first run's position stays where it was.
        checkpoints.Write(first);
        log.Warning("First run (start: {Start:l}): events after {Position:l} are collected from now on", start.Text, first.Position);
        return first;
    }

    /// <summary>Delivers everything after the checkpoint, within <paramref name="bounds"/> where there are such.</summary>
    /// <param name="quarantineRejected">A receiver that takes nothing is right, and every event it refuses is put aside.</param>
    public async Task CollectAsync(Checkpoint checkpoint, CheckpointFile checkpoints, Sink sink, Quarantine quarantine, Bounds? bounds = null, bool quarantineRejected = false)
    {
        IsReading = true;
        var hasAccepted = false;
        await foreach (var page in PagesAsync(checkpoint, bounds))
        {
            IsReading = false;
            var (items, correlations) = watch.Look(page, checkpoint.Correlations);
            var batch = new Batch(page.Stream, items);
            var receipt = await sink.DeliverAsync(batch, limits);
            if (!quarantineRejected)
            {
                receipt.RefuseWrongSink(sink.Name, hasAccepted, sink.Fingerprint == checkpoint.SinkAccepted);
            }

            var quarantined = quarantine.Add(QuarantinedItem.Of(page.Stream, page.Malformed, receipt.Refused));
            source.Remember(page);
            hasAccepted |= receipt.Accepted > 0;
            checkpoint = checkpoint.After(page, time.GetUtcNow()) with { SinkAccepted = (receipt.Accepted > 0 ? sink.Fingerprint : null) ?? checkpoint.SinkAccepted, Correlations = correlations };
            checkpoints.Write(checkpoint);
            page.Delivered?.Invoke();
            Counts.Add(page.Events.Count - receipt.RefusedEvents, batch.Findings - receipt.RefusedFindings, quarantined);
            Progress?.Show(Counts, checkpoint, bounds?.To);
            log.Debug("Delivered {Count} events up to {Position:l}", receipt.Accepted, checkpoint.Position);
            IsReading = true;
        }

        HasReadAll = source.Trouble is null;

        if (Counts.IsIdle && checkpoint.Pruned(time.GetUtcNow()) is var pruned && (checkpoints.IsDamaged || pruned.Recent.Length < checkpoint.Recent.Length))
        {
            checkpoints.Write(pruned);
        }
    }

    /// <summary>
    /// At the end of a run: tells, in a batch of its own, that the account has fallen silent or that its source cannot be read; once,
    /// and once when it is over.
    /// </summary>
    /// <param name="failed">Whether this run could not read the source.</param>
    /// <param name="lastFullRead">When a run last read the source to its end, this one included; null when none ever did.</param>
    /// <param name="ending">What time there is for it: that of the run may be over.</param>
    public async Task TellOfSilenceAsync(SilenceSettings silence, bool failed, DateTimeOffset? lastFullRead, CheckpointFile checkpoints, Sink sink, Quarantine quarantine, RunLimits ending)
    {
        if (checkpoints.Read() is not { } checkpoint)
        {
            return;
        }

        var (findings, told) = Silence.Judge(silence, checkpoint.SilenceReported, checkpoint.LastEvent, HasReadAll, failed, lastFullRead, time.GetUtcNow());
        if (told == checkpoint.SilenceReported)
        {
            return;
        }

        var batch = new Batch(Streams.Audit, [.. findings.Where(finding => watch.Reports(finding.Rule)).Select(finding => finding.AsEvent())]);
        var receipt = batch.Events.Count == 0 ? new Receipt(0, []) : await sink.DeliverAsync(batch, ending);
        receipt.RefuseWrongSink(sink.Name, hasAccepted: false, sink.Fingerprint == checkpoint.SinkAccepted);
        var quarantined = quarantine.Add(QuarantinedItem.Of(batch.Stream, [], receipt.Refused));
        checkpoints.Write(checkpoint with { SinkAccepted = (receipt.Accepted > 0 ? sink.Fingerprint : null) ?? checkpoint.SinkAccepted, SilenceReported = told });
        if (batch.Events.Count > 0)
        {
            Counts.Add(events: 0, batch.Findings - receipt.RefusedFindings, quarantined);
        }
    }

    /// <summary>The same events and findings, printed instead of delivered; nothing is remembered, and a reader that has seen enough ends it.</summary>
    /// <param name="form">What is printed for a batch.</param>
    public async Task PreviewAsync(Checkpoint checkpoint, Func<Batch, ReadOnlyMemory<byte>> form, Bounds? bounds = null, int? limit = null)
    {
        var correlations = checkpoint.Correlations;
        await foreach (var page in PagesAsync(checkpoint, bounds))
        {
            var shown = page with { Events = [.. page.Events.Take((limit ?? int.MaxValue) - Counts.Events)] };
            foreach (var malformed in page.Malformed)
            {
                log.Warning("An item {Why} and would go to the quarantine", malformed.Why);
            }

            (var items, correlations) = watch.Look(shown, correlations);
            var batch = new Batch(page.Stream, items);
            Counts.Add(shown.Events.Count, batch.Findings, quarantined: 0);
            if (!StdoutSink.TryPrint(form(batch).Span) || Counts.Events >= limit)
            {
                return;
            }
        }
    }

    IAsyncEnumerable<EventPage> PagesAsync(Checkpoint checkpoint, Bounds? bounds) =>
        ReadAhead.Of(naming.ExplainAsync(source.PagesAsync(checkpoint, bounds?.To, limits.Stop).Within(bounds)), limits.Stop);
}
