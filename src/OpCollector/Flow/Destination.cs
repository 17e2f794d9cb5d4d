using OpCollector.Checkpoints;
using OpCollector.Delivery;
using OpCollector.Detection;
using OpCollector.Events;
using OpCollector.Reporting;
using OpCollector.Sources;

namespace OpCollector.Flow;

/// <summary>
/// Where a run delivers to: the routes, the quarantine for what a receiver rejects, and the checkpoint that moves behind both. It decides
/// whether a rejection is about the events or about us, by what the receiver has accepted before.
/// </summary>
internal sealed class Destination(
    Routes routes, Quarantine quarantine, CheckpointFile checkpoints, RunLimits limits, TimeProvider time, TotalRejection totalRejection)
{
    // The routes by which something was accepted in this run.
    readonly HashSet<Route> _accepting = [];

    public CheckpointFile Checkpoints => checkpoints;

    /// <summary>Makes what is written of one page durable together, where the state can; else in the order of writing.</summary>
    public void WriteTogether(Action writes) => checkpoints.WriteTogether(writes);

    /// <summary>Delivers a page: a batch for each route, one behind the other, until one cannot be delivered.</summary>
    /// <param name="hasOthersBehind">Whether pages of other streams wait for their turn.</param>
    public async Task<Delivered> DeliverPageAsync(DetectedPage page, Checkpoint checkpoint, bool hasOthersBehind)
    {
        var parts = new List<DeliveredPart>();
        foreach (var (route, part) in routes.Split(new Batch(page.Page.Stream, page.Items)))
        {
            var held = checkpoint.HeldOf(route.NameInCheckpoint, part.Stream, part.Events);
            var batch = part with
            {
                Search = Accepted(route, checkpoint) == AcceptedBefore.Never ? BlameSearch.None
                    : held?.IsStuck(time.GetUtcNow()) == true ? BlameSearch.OnFailure
                    : BlameSearch.OnRejection,
                Memory = BatchMemory.Recall(held, route.Fingerprint),
                HasOthersBehind = hasOthersBehind,
            };
            parts.Add(parts.Count == 0
                ? await DeliverPartAsync(route, batch, checkpoint, limits)
                : await DeliverLaterPartAsync(route, batch, checkpoint));
            if (parts[^1].End is not null)
            {
                break;
            }
        }

        return new Delivered(parts);
    }

    /// <summary>Delivers alarms of our own, as a batch of their own, and keeps what is known behind it.</summary>
    /// <param name="behind">The checkpoint once they are delivered.</param>
    /// <param name="memory">What is to be on the disk before the checkpoint is.</param>
    /// <param name="ending">What time there is for it.</param>
    /// <exception cref="Failure">They could not be delivered; the next run tells them.</exception>
    public async Task DeliverAlarmsAsync(
        IReadOnlyList<ActivityEvent> alarms, Checkpoint behind, PageMemory memory, RunCounts counts, RunLimits ending)
    {
        var route = routes.ForFindings(Streams.Audit);
        var search = route.IsKnownTo(behind.Accepted) ? BlameSearch.OnRejection : BlameSearch.None;
        var batch = new Batch(Streams.Audit, alarms) { Search = search };
        var delivered = new Delivered([await DeliverPartAsync(route, batch, behind, ending)]);
        if (delivered.End is { } end)
        {
            throw end;
        }

        var putAside = 0;
        WriteTogether(() =>
        {
            putAside = PutAside(Streams.Audit, [], delivered);
            memory.Write();
            checkpoints.Write(WithAcceptingSinks(delivered, behind));
        });
        if (alarms.Count > 0)
        {
            counts.Add(events: 0, delivered.Findings, putAside);
        }
    }

    /// <summary>Puts aside what a receiver rejected, and what is not an event. It is on the disk when this returns.</summary>
    /// <returns>How many items were not there yet.</returns>
    public int PutAside(string stream, IReadOnlyList<MalformedEvent> malformed, Delivered delivered)
    {
        var route = routes.ForEvents(stream).Name;
        return quarantine.Add([
            .. malformed.Select(each => QuarantinedItem.Create(stream, each) with { Route = route }),
            .. delivered.Parts.SelectMany(part =>
                part.Receipt.Rejected.Select(each => QuarantinedItem.Create(stream, each) with { Route = part.Route.Name })),
        ]);
    }

    /// <summary>The checkpoint with what it tells of the receivers. One that has once accepted something is not set up wrongly.</summary>
    public static Checkpoint WithAcceptingSinks(Delivered delivered, Checkpoint checkpoint) => checkpoint with
    {
        Accepted = checkpoint.Accepted.SetItems(delivered.Parts
            .Where(part => part.Receipt.Accepted.Count > 0 && part.Route.Fingerprint is not null)
            .Select(part => KeyValuePair.Create(part.Route.Name, part.Route.Fingerprint!))),
    };

    /// <summary>
    /// Keeps what is known of a page that was not delivered to its end, so that the next run goes on there. What ends one run after the
    /// other with the same batch may be the fault of the batch, so each time is counted.
    /// </summary>
    /// <returns>The checkpoint that was written, and how many items were put aside; null where nothing is worth keeping.</returns>
    public (Checkpoint Checkpoint, int PutAside)? KeepUnfinished(Delivered delivered, Checkpoint checkpoint)
    {
        DeliveredPart[] parts = [.. delivered.Parts.Where(IsWorthKeeping)];
        if (parts.Length == 0)
        {
            return null;
        }

        foreach (var part in parts)
        {
            var (batch, mark) = (part.Batch, part.Route.NameInCheckpoint);
            var held = checkpoint.HeldOf(mark, batch.Stream, batch.Events)
                ?? new HeldBatch(batch.Stream, batch.Events[0].Id, 0, time.GetUtcNow()) { Route = mark };
            held = HasFailed(part) ? held.Again(time.GetUtcNow()) : held;
            checkpoint = checkpoint.Holding(part.Memory.KeptIn(held, part.Route.Fingerprint!));
        }

        checkpoint = WithAcceptingSinks(delivered, checkpoint);
        var putAside = 0;
        WriteTogether(() =>
        {
            putAside = PutAside(parts[0].Batch.Stream, [], delivered with { Parts = parts });
            checkpoints.Write(checkpoint);
        });
        return (checkpoint, putAside);
    }

    async Task<DeliveredPart> DeliverPartAsync(Route route, Batch batch, Checkpoint checkpoint, RunLimits within)
    {
        var receipt = batch.Events.Count == 0 ? new Receipt([], []) : await route.DeliverAsync(batch, within);
        var wrong = totalRejection == TotalRejection.QuarantinesAll ? null : receipt.WrongSink(
            route.SinkName, Accepted(route, checkpoint), route.Settings);
        if (receipt.Accepted.Count > 0)
        {
            _accepting.Add(route);
        }

        return new DeliveredPart(route, batch, receipt, receipt.End ?? wrong);
    }

    // What was delivered before it must be kept, whatever happens to it.
    async Task<DeliveredPart> DeliverLaterPartAsync(Route route, Batch batch, Checkpoint checkpoint)
    {
        try
        {
            return await DeliverPartAsync(route, batch, checkpoint, limits);
        }
        catch (Exception ex) when (ex is Failure or OperationCanceledException)
        {
            return new DeliveredPart(route, batch, new Receipt([], []) { End = ex }, ex);
        }
    }

    AcceptedBefore Accepted(Route route, Checkpoint checkpoint) =>
        _accepting.Contains(route) ? AcceptedBefore.InThisRun
        : route.IsKnownTo(checkpoint.Accepted) ? AcceptedBefore.InAnEarlierRun
        : AcceptedBefore.Never;

    bool IsWorthKeeping(DeliveredPart part) => part.Route.Fingerprint is not null && part.Batch.Events.Count > 0
        && (part.End is null
            || (part.Receipt.End is not null && (HasFailed(part) || part.Receipt.Accepted.Count > 0 || !part.Receipt.Memory.IsEmpty)));

    bool HasFailed(DeliveredPart part) => limits.Signal is null && part.Receipt.End switch
    {
        Failure failure => failure.Code is ExitCode.HeldUp or ExitCode.SinkNonsense,
        OperationCanceledException => limits.Abandon.IsCancellationRequested,
        _ => false,
    };
}

/// <summary>What follows when a sink rejects everything that it is sent.</summary>
internal enum TotalRejection
{
    /// <summary>The sink is set up wrongly, so the run ends and nothing is put aside.</summary>
    EndsTheRun,

    /// <summary>Each event is rejected for itself, and put aside.</summary>
    QuarantinesAll,
}

/// <summary>What became of a page: of the batch of each route, as far as they were sent.</summary>
internal sealed record Delivered(IReadOnlyList<DeliveredPart> Parts)
{
    /// <summary>Why it is not delivered as a whole; null where each of its items was accepted or is to be put aside.</summary>
    public Exception? End => Parts.Select(part => part.End).FirstOrDefault(end => end is not null);

    /// <summary>How many findings its receivers have now, or had before.</summary>
    public int Findings => Parts.Sum(part => part.Batch.Findings - part.Receipt.RejectedFindings - part.Receipt.EarlierFindings);

    /// <summary>How many events were not delivered in this run: they were rejected, or earlier runs had settled them.</summary>
    public int EventsNotDeliveredNow => Parts.Sum(part => part.Receipt.RejectedEvents + part.Receipt.EarlierEvents);

    /// <summary>What its receivers have taken in this run.</summary>
    public IReadOnlyList<ActivityEvent> Accepted => [.. Parts.SelectMany(part => part.Receipt.Accepted)];
}

/// <summary>What became of the batch of one route.</summary>
/// <param name="End">Why it is not delivered as a whole; null where each of its items was accepted or is to be put aside.</param>
internal sealed record DeliveredPart(Route Route, Batch Batch, Receipt Receipt, Exception? End)
{
    /// <summary>What the next run has to know of it; also of a batch that is done with, where another of its page is not.</summary>
    public BatchMemory Memory => End is not null ? Receipt.Memory : Batch.Memory with
    {
        Taken = [.. Batch.Memory.Taken, .. Receipt.Accepted.Select(BatchMemory.KeyOf)],
        PutAside = [.. Batch.Memory.PutAside, .. Receipt.Rejected.Select(each => BatchMemory.KeyOf(each.Event))],
        Rejected = [],
        RejectedUntil = null,
    };
}
