using System.Runtime.InteropServices;
using OpCollector.Checkpoints;
using OpCollector.Events;

namespace OpCollector.Sources.EventsApi;

/// <summary>
/// The ids of a stream that were delivered, kept for as long as their events may be read again: a file for each day on which
/// events happened, read when one of that day comes by. Losing such a file repeats events, and loses none.
/// </summary>
internal sealed class SeenEvents(StateDirectory state, string stream, TimeProvider time)
{
    readonly Lock _changing = new();
    readonly Dictionary<DateOnly, HashSet<SeenId>> _days = [];
    DateOnly _forgotten;

    /// <summary>Of what a page holds, what has not been seen, and its ids by day; from now on it has, as far as this run goes.</summary>
    public (IReadOnlyList<ActivityEvent> Events, IReadOnlyList<MalformedEvent> Malformed, IReadOnlyList<(DateOnly Day, SeenId Id)> Ids) Fresh(EventsApiPage page)
    {
        lock (_changing)
        {
            // All are looked at before any is added: twins of one page that differ are two events.
            List<(DateOnly Day, SeenId Id)> ids = new(page.Events.Count);
            List<ActivityEvent> events = [.. page.Events.Where(each => IsFresh(each.Id, each.Time, ids))];
            List<MalformedEvent> malformed = [.. page.Malformed.Where(each => IsFresh(each.Id, null, ids))];
            ids.ForEach(each => Of(each.Day).Add(each.Id));
            return (events, malformed, ids);
        }
    }

    /// <summary>Makes the ids of a delivered page durable, and forgets those of events that will not be read again.</summary>
    /// <exception cref="Failure">They are not on the disk (74).</exception>
    public void Remember(IEnumerable<(DateOnly Day, SeenId Id)> ids, DateTimeOffset oldest)
    {
        foreach (var day in ids.GroupBy(each => each.Day, each => each.Id).OrderBy(day => day.Key))
        {
            DurableFile.AppendRecords(state.Seen(stream, day.Key), MemoryMarshal.AsBytes<SeenId>(day.ToArray()), SeenId.Size);
        }

        Forget(Day(oldest.Minus(TimeSpan.FromDays(1))));
    }

    /// <summary>Forgets everything: the stream begins anew.</summary>
    public static void Delete(StateDirectory state, string stream)
    {
        foreach (var day in state.SeenDays(stream))
        {
            DurableFile.Delete(state.Seen(stream, day));
        }
    }

    static DateOnly Day(DateTimeOffset time) => DateOnly.FromDateTime(time.UtcDateTime);

    // What has no time counts as of today.
    DateOnly DayOf(DateTimeOffset? happened) => Day(happened ?? time.GetUtcNow());

    // Notes the id of what is new.
    bool IsFresh(string id, DateTimeOffset? happened, List<(DateOnly Day, SeenId Id)> ids)
    {
        var known = SeenId.Of(id);
        if (Has(known, happened))
        {
            return false;
        }

        ids.Add((DayOf(happened), known));
        return true;
    }

    bool Has(SeenId id, DateTimeOffset? happened) => happened is { } known
        ? Of(Day(known)).Contains(id)
        : state.SeenDays(stream).Union(_days.Keys).ToList().Exists(day => Of(day).Contains(id));

    HashSet<SeenId> Of(DateOnly day)
    {
        if (!_days.TryGetValue(day, out var ids))
        {
            _days.Add(day, ids = Read(state.Seen(stream, day)));
        }

        return ids;
    }

    static HashSet<SeenId> Read(string path) => [.. MemoryMarshal.Cast<byte, SeenId>(RegularFile.ReadRecords(path, SeenId.Size, RegularFile.Large))];

    void Forget(DateOnly before)
    {
        if (before <= _forgotten)
        {
            return;
        }

        _forgotten = before;
        lock (_changing)
        {
            foreach (var day in _days.Keys.Where(day => day < before).ToList())
            {
                _days.Remove(day);
            }
        }

        foreach (var day in state.SeenDays(stream).Where(day => day < before))
        {
            DurableFile.Delete(state.Seen(stream, day));
        }
    }
}
