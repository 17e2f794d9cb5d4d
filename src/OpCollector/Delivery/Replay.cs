using OpCollector.Events;

namespace OpCollector.Delivery;

/// <summary>
/// Delivers the quarantine again, batch by batch. What the sink takes leaves the file, what it refuses again stays with the
/// new reason; a crash repeats at most one batch.
/// </summary>
/// <param name="isKnown">Whether the sink ever accepted anything as it is configured.</param>
internal sealed class Replay(Quarantine quarantine, Sink sink, bool isKnown, RunLimits limits)
{
    const int MostEvents = 100;

    public int Delivered { get; private set; }

    public int RefusedAgain { get; private set; }

    /// <summary>How many were not sent, because they are no JSON objects.</summary>
    public int Undeliverable { get; private set; }

    public async Task RunAsync()
    {
        var items = quarantine.Items();
        Undeliverable = items.Count(item => !item.IsDeliverable);
        foreach (var (stream, chunk) in Chunks(items.Where(item => item.IsDeliverable)))
        {
            limits.Stop.ThrowIfCancellationRequested();
            var batch = new Batch(stream, [.. chunk.Select(Event)]) { Search = SearchIn(chunk) };
            var receipt = await sink.DeliverAsync(batch, limits);
            // Two items of one id are sent under two; they lie there under one.
            var lying = batch.Events.Zip(chunk).ToDictionary(pair => pair.First.Id, pair => pair.Second);
            var refused = receipt.Refused.ToDictionary(each => lying[each.Event.Id].Key, each => QuarantinedItem.Of(stream, each) with { Id = lying[each.Event.Id].Id });
            quarantine.Replace(lying.Values.Select(item => item.Key).Where(key => !refused.ContainsKey(key)).ToHashSet(), refused);
            Delivered += receipt.Accepted;
            RefusedAgain += receipt.Refused.Count;
        }
    }

    // A batch has one stream, and the order of the file.
    static IEnumerable<(string Stream, QuarantinedItem[] Items)> Chunks(IEnumerable<QuarantinedItem> items) => items
        // By what is sent: two lines may differ in white space alone, and the second is then left for the next time.
        .DistinctBy(item => QuarantinedItem.KeyOf(item.Id, Event(item).Bytes))
        .GroupBy(item => item.Stream)
        .SelectMany(stream => stream.Chunk(MostEvents).Select(chunk => (stream.Key, chunk)));

    // What lies there because the sink only failed with it has been tried long enough.
    Search SearchIn(IEnumerable<QuarantinedItem> items) => !isKnown ? Search.None
        : items.Any(item => item.Status is null or >= 500) ? Search.OfFailing : Search.OfRefused;

    // The id of the line counts: what could not be read as an event has none of its own.
    static ActivityEvent Event(QuarantinedItem item) =>
        (ActivityEvent.Read(item.Bytes, EventShape.Op).Event ?? ActivityEvent.Read(item.Bytes, EventShape.EventsApi).Event ?? ActivityEvent.Read(item.Bytes, EventShape.Finding).Event ?? new ActivityEvent(0, null, item.Bytes)) with { Id = item.Id };
}
