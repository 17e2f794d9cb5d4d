using OpCollector.Events;

namespace OpCollector.Delivery;

/// <summary>
/// Delivers the quarantine again, batch by batch. What the sink takes leaves the file, what it rejects again stays with the
/// new reason; a crash repeats at most one batch.
/// </summary>
/// <param name="accepted">The fingerprints of the routes by which something was ever accepted.</param>
internal sealed class Replay(Quarantine quarantine, Routes routes, IReadOnlyDictionary<string, string> accepted, RunLimits limits)
{
    const int MostEvents = 100;
    const int MostBytes = 4 * 1024 * 1024;

    // A small quarantine is rewritten after each batch; in a large one the delivered lines are only marked.
    readonly bool _isLarge = quarantine.IsLarge;
    readonly HashSet<long> _delivered = [];
    readonly Dictionary<long, (string Why, int? Status, string? Answer)> _rejected = [];
    readonly HashSet<string> _texts = [];

    public int Delivered { get; private set; }

    public int RejectedAgain { get; private set; }

    /// <summary>How many were not sent, because they are not JSON objects.</summary>
    public int Undeliverable { get; private set; }

    public async Task RunAsync()
    {
        try
        {
            foreach (var batch in Batches())
            {
                limits.Stop.ThrowIfCancellationRequested();
                await DeliverAsync(batch);
            }
        }
        finally
        {
            quarantine.RemoveDelivered(_delivered, _rejected);
        }
    }

    async Task DeliverAsync(IReadOnlyList<(QuarantineLine Line, QuarantinedItem Item)> chunk)
    {
        var items = chunk.Select(each => each.Item).ToList();
        var route = RouteOf(items[0]);
        var batch = new Batch(items[0].Stream, [.. items.Select(Event)]) { Search = SearchIn(items, route) };
        var receipt = await route.DeliverAsync(batch, limits);
        // Items that share an id were renamed for sending; this maps them back.
        var itemsById = batch.Events.Zip(chunk).ToDictionary(pair => pair.First.Id, pair => pair.Second.Item);
        var rejected = receipt.Rejected.Select(each => itemsById[each.Event.Id].ShortKey).ToHashSet();
        var accepted = receipt.Accepted.Select(each => itemsById[each.Id].ShortKey).ToHashSet();
        var delivered = chunk.Where(each => accepted.Contains(each.Item.ShortKey) && !rejected.Contains(each.Item.ShortKey)).ToList();
        _delivered.UnionWith(delivered.Select(each => each.Item.ShortKey));
        foreach (var again in receipt.Rejected)
        {
            _rejected[itemsById[again.Event.Id].ShortKey] =
                (Once(again.Why), again.Status, again.Answer is { } answer ? Once(answer) : null);
        }

        if (_isLarge)
        {
            quarantine.MarkDelivered(delivered.Select(each => (each.Line, each.Item.Key)));
        }
        else
        {
            quarantine.RemoveDelivered(_delivered, _rejected);
        }

        Delivered += receipt.Accepted.Count;
        RejectedAgain += receipt.Rejected.Count;
        receipt.RefuseUnfinished();
    }

    // A batch has one route and one stream, and keeps the order of the file. Few items are buffered: a quarantine may be larger than the
    // memory.
    IEnumerable<IReadOnlyList<(QuarantineLine Line, QuarantinedItem Item)>> Batches()
    {
        var waiting = new Dictionary<(Route, string), List<(QuarantineLine Line, QuarantinedItem Item)>>();
        var known = new HashSet<long>();
        var held = 0L;
        foreach (var line in quarantine.Lines())
        {
            var item = QuarantinedItem.Read(line.Bytes);
            if (line.IsTooLarge || item is { IsDeliverable: false })
            {
                Undeliverable++;
            }

            // Compares what is sent: two lines may differ in white space alone, and the second then stays for the next replay.
            else if (item is not null && known.Add((item with { Bytes = Event(item).Bytes }).ShortKey))
            {
                var way = (RouteOf(item), item.Stream);
                var batch = waiting.TryGetValue(way, out var begun) ? begun : waiting[way] = [];
                batch.Add((line, item));
                held += line.Length;
                if (batch.Count == MostEvents || held > MostBytes)
                {
                    waiting.Remove(way);
                    held -= batch.Sum(each => each.Line.Length);
                    yield return batch;
                }
            }
        }

        foreach (var batch in waiting.Values)
        {
            yield return batch;
        }
    }

    // Receivers give the same reason very often.
    string Once(string text)
    {
        _texts.Add(text);
        return _texts.TryGetValue(text, out var known) ? known : text;
    }

    // An item that is here because the sink failed with it was tried long enough.
    BlameSearch SearchIn(IEnumerable<QuarantinedItem> items, Route route) => !route.IsKnownTo(accepted) ? BlameSearch.None
        : items.Any(item => item.Status is null or 429 or >= 500) ? BlameSearch.OnFailure : BlameSearch.OnRejection;

    // The item's own route. Where it has none or the route is gone, the route of its kind.
    Route RouteOf(QuarantinedItem item) =>
        routes.Called(item.Route) is { } own ? own
        : Event(item).IsFinding ? routes.ForFindings(item.Stream)
        : routes.ForEvents(item.Stream);

    // Uses the id of the line, because what could not be read as an event has no id of its own.
    static ActivityEvent Event(QuarantinedItem item)
    {
        var read = ActivityEvent.Read(item.Bytes, EventIdentity.Op).Event
            ?? ActivityEvent.Read(item.Bytes, EventIdentity.EventsApi).Event
            ?? ActivityEvent.Read(item.Bytes, EventIdentity.Finding).Event
            ?? new ActivityEvent(0, null, item.Bytes);
        var isFinding = UntaggedEvent.Read(read.Bytes).Kind == ObjectKind.Finding;
        return read with { Id = item.Id, Headline = isFinding ? new Headline("", item.Id) : null };
    }
}
