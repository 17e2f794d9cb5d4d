using OpCollector.Events;

namespace OpCollector.Sources.EventsApi;

/// <summary>
/// What was delivered of a stream, kept on the disk by the day on which an event happened, for as long as it may be read again. Losing a
/// file of it repeats events, and loses none.
/// </summary>
/// <param name="counted">How many ids of each day the checkpoint counts.</param>
internal sealed class SeenOnDisk(SeenFiles files, IReadOnlyDictionary<DateOnly, int> counted, TimeProvider time) : SeenEvents
{
    // For clocks that are ahead. What claims to be later counts as of today, or each of its days would make a file.
    const int MostDaysAhead = 7;

    readonly Lock _changing = new();
    readonly SeenDays _days = new(files, counted);
    DateOnly _forgotten;

    DateOnly Today => Day(time.GetUtcNow());

    public override (NewEvents Events, FreshIds Ids) Fresh(EventsApiPage page, DateTimeOffset oldest)
    {
        var (first, today) = (FirstDay(oldest), Today);
        var last = today.AddDays(MostDaysAhead);
        (ActivityEvent Event, DateOnly? Day)[] dated = [.. page.Events.Select(each => (each, DayOf(each, first, last)))];
        lock (_changing)
        {
            if (page.Malformed.Count > 0 || dated.Any(each => each.Day is null))
            {
                _days.ReadAll(last);
            }

            List<(DateOnly Day, SeenId Id)> ids = new(page.Events.Count);
            List<ActivityEvent> events = [.. dated.Select(each => Fresh(each.Event, each.Day ?? today, ids)).OfType<ActivityEvent>()];
            List<MalformedEvent> malformed = [.. page.Malformed.Where(each => IsFresh(SeenId.Hash(each.Id), today, ids))];
            return (new NewEvents(events, malformed), new FreshIds(ids, oldest, _days.CountsFrom(first)));
        }
    }

    /// <summary>Makes the ids of a delivered page durable, and forgets those of events that will not be read again.</summary>
    public override void Remember(FreshIds delivered)
    {
        foreach (var day in delivered.Ids.GroupBy(each => each.Day, each => each.Id).OrderBy(day => day.Key))
        {
            files.Append(day.Key, day.ToArray());
        }

        ForgetBefore(FirstDay(delivered.Oldest));
    }

    static DateOnly Day(DateTimeOffset time) => DateOnly.FromDateTime(time.UtcDateTime);

    static DateOnly FirstDay(DateTimeOffset oldest) => Day(oldest.Minus(TimeSpan.FromDays(1)));

    // Null where it says no day, or none of those that are kept: it counts as of the day on which it was read.
    static DateOnly? DayOf(ActivityEvent each, DateOnly first, DateOnly last) =>
        each.Time is { } happened && Day(happened) is var day && day >= first && day <= last ? day : null;

    // A version before this one wrote the id alone. It counts as seen whatever its bytes are, so that nothing comes twice.
    ActivityEvent? Fresh(ActivityEvent each, DateOnly day, List<(DateOnly Day, SeenId Id)> ids)
    {
        _days.Of(day);
        var alone = SeenId.Hash(each.Id);
        var id = alone.Hash(each.Bytes);
        var isTwin = _days.HasTwin(id);
        if (isTwin && (_days.Contains(id) || _days.Contains(alone)))
        {
            return null;
        }

        Add(id, day, ids);
        return isTwin ? DuplicateIds.Renamed(each) : each;
    }

    bool IsFresh(SeenId id, DateOnly day, List<(DateOnly Day, SeenId Id)> ids)
    {
        if (_days.Contains(id))
        {
            return false;
        }

        Add(id, day, ids);
        return true;
    }

    void Add(SeenId id, DateOnly day, List<(DateOnly Day, SeenId Id)> ids)
    {
        _days.Add(day, id);
        ids.Add((day, id));
    }

    void ForgetBefore(DateOnly first)
    {
        if (first <= _forgotten)
        {
            return;
        }

        _forgotten = first;
        var last = Today.AddDays(MostDaysAhead);
        lock (_changing)
        {
            _days.ForgetOutside(first, last);
        }

        foreach (var day in files.Days.Where(day => day < first || day > last))
        {
            files.Delete(day);
        }
    }
}
