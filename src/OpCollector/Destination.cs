using OpCollector.Checkpoints;
using OpCollector.Delivery;
using OpCollector.Detection;
using OpCollector.Events;

namespace OpCollector;

/// <summary>
/// Where a run delivers to: the sink, the quarantine for what the sink refuses, and the checkpoint that moves behind both. It decides
/// whether a refusal is about the events or about us, by what the sink has taken before.
/// </summary>
/// <param name="takesRefusals">Whether a sink that takes nothing at all is right, so that everything it refuses is put aside.</param>
internal sealed class Destination(
    Sink sink, Quarantine quarantine, CheckpointFile checkpoints, RunLimits limits, TimeProvider time, bool takesRefusals = false)
{
    // Whether the sink has taken anything in this run.
    bool _hasAccepted;

    public CheckpointFile Checkpoints => checkpoints;

    /// <summary>Delivers a page, as one batch.</summary>
    /// <param name="hasOthersBehind">Whether pages of other streams wait for their turn.</param>
    public async Task<Delivered> DeliverAsync(DetectedPage page, Checkpoint checkpoint, bool hasOthersBehind)
    {
        var isKnown = _hasAccepted || IsKnownTo(checkpoint);
        var batch = new Batch(page.Page.Stream, page.Items)
        {
            Search = !isKnown ? Search.None
                : checkpoint.IsStuck(page.Page.Stream, page.Items, time.GetUtcNow()) ? Search.OfFailing
                : Search.OfRefused,
            Memory = BatchMemory.From(checkpoint.HeldOf(page.Page.Stream, page.Items), sink.Fingerprint),
            HasOthersBehind = hasOthersBehind,
        };
        return await DeliverAsync(batch, checkpoint, limits);
    }

    /// <summary>Delivers an alarm of our own, as a batch of its own.</summary>
    /// <param name="ending">What time there is for it.</param>
    public Task<Delivered> DeliverAsync(IReadOnlyList<ActivityEvent> alarms, string stream, Checkpoint checkpoint, RunLimits ending) =>
        DeliverAsync(new Batch(stream, alarms) { Search = IsKnownTo(checkpoint) ? Search.OfRefused : Search.None }, checkpoint, ending);

    /// <summary>Puts aside what the sink refused, and what is no event. It is on the disk when this returns.</summary>
    /// <returns>How many items were not there yet.</returns>
    public int PutAside(string stream, IReadOnlyList<MalformedEvent> malformed, Receipt receipt) =>
        quarantine.Add(QuarantinedItem.Of(stream, malformed, receipt.Refused));

    /// <summary>The checkpoint with what it tells of the sink. One that has once accepted something is not set up wrongly.</summary>
    public Checkpoint Knowing(Receipt receipt, Checkpoint checkpoint) =>
        receipt.Accepted.Count > 0 ? checkpoint with { SinkAccepted = sink.Fingerprint } : checkpoint;

    /// <summary>
    /// Keeps what is known of a batch that was not delivered to its end, so that the next run goes on there. What ends one run after the
    /// other with the same batch may be the fault of the batch, so each time is counted.
    /// </summary>
    /// <returns>The checkpoint that was written, and how many items were put aside; null where nothing is worth keeping.</returns>
    public (Checkpoint Checkpoint, int PutAside)? KeepUnfinished(Delivered delivered, Checkpoint checkpoint)
    {
        var (batch, receipt) = (delivered.Batch, delivered.Receipt);
        var hasFailed = limits.Signal is null && receipt.End switch
        {
            Failure failure => failure.Code is ExitCode.HeldUp or ExitCode.SinkNonsense,
            OperationCanceledException => limits.Abandon.IsCancellationRequested,
            _ => false,
        };
        if (sink.Fingerprint is null || receipt.End is null || !(hasFailed || receipt.Accepted.Count > 0 || !receipt.Memory.IsEmpty))
        {
            return null;
        }

        var putAside = PutAside(batch.Stream, [], receipt);
        var held = checkpoint.HeldOf(batch.Stream, batch.Events) ?? new HeldBatch(batch.Stream, batch.Events[0].Id, 0, time.GetUtcNow());
        held = receipt.Memory.KeptIn(hasFailed ? held.Again(time.GetUtcNow()) : held, sink.Fingerprint);
        checkpoint = Knowing(receipt, checkpoint.Holding(held));
        checkpoints.Write(checkpoint);
        return (checkpoint, putAside);
    }

    async Task<Delivered> DeliverAsync(Batch batch, Checkpoint checkpoint, RunLimits within)
    {
        var receipt = batch.Events.Count == 0 ? new Receipt([], []) : await sink.DeliverAsync(batch, within);
        var wrong = takesRefusals ? null : receipt.WrongSink(sink.Name, _hasAccepted, IsKnownTo(checkpoint));
        _hasAccepted |= receipt.Accepted.Count > 0;
        return new Delivered(batch, receipt, receipt.End ?? wrong);
    }

    bool IsKnownTo(Checkpoint checkpoint) => sink.Fingerprint == checkpoint.SinkAccepted;
}

/// <summary>What became of a batch.</summary>
/// <param name="End">Why it is not delivered as a whole; null where each of its items was accepted or is to be put aside.</param>
internal sealed record Delivered(Batch Batch, Receipt Receipt, Exception? End);
