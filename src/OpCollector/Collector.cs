using OpCollector.Checkpoints;
using OpCollector.Configuration;
using OpCollector.Delivery;
using OpCollector.Enrichment;
using OpCollector.Events;
using OpCollector.Reporting;
using OpCollector.Sources.Op;
using Serilog;

namespace OpCollector;

/// <summary>
/// The flow of the whole program: page the events after the checkpoint, add names, deliver them, put aside what cannot be
/// delivered, move the checkpoint. Always in this order, so that a crash at any instant repeats at most one batch and never loses an event.
/// </summary>
internal sealed class Collector(OpSource source, Naming naming, RunLimits limits, TimeProvider time, ILogger log)
{
    /// <summary>What this run has done so far; true even when it ends with a failure.</summary>
    public RunCounts Counts { get; } = new();

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

    /// <summary>Delivers everything after the checkpoint, up to and with event <paramref name="to"/> where there is such a bound.</summary>
    /// <param name="quarantineRejected">A receiver that takes nothing is right, and every event it refuses is put aside.</param>
    public async Task CollectAsync(Checkpoint checkpoint, CheckpointFile checkpoints, Sink sink, Quarantine quarantine, long? to = null, bool quarantineRejected = false)
    {
        await foreach (var page in PagesAsync(checkpoint, to))
        {
            var receipt = await sink.DeliverAsync(Batch.Of(page), limits);
            if (!quarantineRejected)
            {
                receipt.RefuseWrongSink(sink.Name, Counts.Events > 0, sink.Fingerprint == checkpoint.SinkAccepted);
            }

            var quarantined = quarantine.Add(QuarantinedItem.Of(page.Stream, page.Malformed, receipt.Refused));
            checkpoint = checkpoint.After(page, time.GetUtcNow()) with { SinkAccepted = (receipt.Accepted > 0 ? sink.Fingerprint : null) ?? checkpoint.SinkAccepted };
            checkpoints.Write(checkpoint);
            page.Delivered?.Invoke();
            Counts.Add(receipt.Accepted, quarantined);
            log.Debug("Delivered {Count} events up to {Eid}", receipt.Accepted, checkpoint.LastEventId);
        }

        if (Counts.IsIdle && checkpoint.Pruned(time.GetUtcNow()) is var pruned && (checkpoints.IsDamaged || pruned.Recent.Length < checkpoint.Recent.Length))
        {
            checkpoints.Write(pruned);
        }
    }

    /// <summary>The same events, printed instead of delivered; nothing is remembered, and a reader that has seen enough ends it.</summary>
    /// <param name="form">What is printed for a batch.</param>
    public async Task PreviewAsync(Checkpoint checkpoint, Func<Batch, ReadOnlyMemory<byte>> form, long? to = null, int? limit = null)
    {
        await foreach (var page in PagesAsync(checkpoint, to))
        {
            var shown = page with { Events = [.. page.Events.Take((limit ?? int.MaxValue) - Counts.Events)] };
            foreach (var malformed in page.Malformed)
            {
                log.Warning("An item {Why} and would go to the quarantine", malformed.Why);
            }

            Counts.Add(shown.Events.Count, quarantined: 0);
            if (!StdoutSink.TryPrint(form(Batch.Of(shown)).Span) || Counts.Events >= limit)
            {
                return;
            }
        }
    }

    IAsyncEnumerable<EventPage> PagesAsync(Checkpoint checkpoint, long? to) =>
        ReadAhead.Of(naming.ExplainAsync(source.PagesAsync(checkpoint, limits.Stop).UpTo(to)), limits.Stop);
}
