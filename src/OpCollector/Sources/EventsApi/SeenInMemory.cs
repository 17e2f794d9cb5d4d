using OpCollector.Events;

namespace OpCollector.Sources.EventsApi;

/// <summary>
/// What a backfill has delivered of a stream, as long as it runs and as far back as the memory for it reaches: it delivers once more
/// what cron has delivered, and needs to know only what it delivered itself.
/// </summary>
internal sealed class SeenInMemory : SeenEvents
{
    // Twice so many are known, which takes some 20 MB.
    const int MostTogether = 200_000;

    SeenIds _latest = new([]);
    SeenIds _before = new([]);
    int _count;

    public override (NewEvents Events, FreshIds Ids) Fresh(EventsApiPage page, DateTimeOffset oldest) => (
        new NewEvents(
            [.. page.Events.Select(Fresh).OfType<ActivityEvent>()],
            [.. page.Malformed.Where(each => IsFresh(SeenId.Hash(each.Id)))]),
        new FreshIds([], oldest));

    public override void Remember(FreshIds delivered)
    {
        // Its own run knows it already, and no other asks.
    }

    ActivityEvent? Fresh(ActivityEvent each)
    {
        var id = SeenId.Hash(each);
        var isTwin = _latest.HasTwin(id) || _before.HasTwin(id);
        return !IsFresh(id) ? null : isTwin ? DuplicateIds.Renamed(each) : each;
    }

    bool IsFresh(SeenId id)
    {
        if (_latest.Contains(id) || _before.Contains(id))
        {
            return false;
        }

        if (_count++ == MostTogether)
        {
            (_before, _latest, _count) = (_latest, new SeenIds([]), 1);
        }

        _latest.Add(id);
        return true;
    }
}
