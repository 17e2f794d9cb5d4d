using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using OpCollector.Events;
using OpCollector.Storage;

namespace OpCollector.Sources.EventsApi;

/// <summary>
/// What was delivered of a stream, kept for as long as it may be read again: a file for each day on which events happened, read
/// when one of that day comes by. Losing such a file repeats events, and loses none. Ids of a page that the checkpoint does not count are
/// removed: the page is delivered again, or the rules, which do not remember it either, would never see it.
/// </summary>
/// <param name="counted">How many ids of each day the checkpoint counts.</param>
internal sealed class SeenOnDisk(StateStore state, string stream, IReadOnlyDictionary<DateOnly, int> counted, TimeProvider time)
    : SeenEvents
{
    // For clocks that are ahead. What claims to be later counts as of today, or each of its days would make a file.
    const int MostDaysAhead = 7;
    const string Ending = ".bin";

    readonly Lock _changing = new();
    readonly Dictionary<DateOnly, SeenIds> _days = [];
    readonly Dictionary<DateOnly, int> _counts = new(counted);
    DateOnly _forgotten;

    DateOnly Today => Day(time.GetUtcNow());

    public override (NewEvents Events, FreshIds Ids) Fresh(EventsApiPage page, DateTimeOffset oldest)
    {
        var (first, today) = (FirstDay(oldest), Today);
        lock (_changing)
        {
            List<(DateOnly Day, SeenId Id)> ids = new(page.Events.Count);
            (ActivityEvent Event, DateOnly? Day)[] dated =
                [.. page.Events.Select(each => (each, DayOf(each, first, today.AddDays(MostDaysAhead))))];
            if (page.Malformed.Count > 0 || dated.Any(each => each.Day is null))
            {
                ReadAll(today.AddDays(MostDaysAhead));
            }

            List<ActivityEvent> events = [.. dated.Select(each => Fresh(each.Event, each.Day ?? today, ids)).OfType<ActivityEvent>()];
            List<MalformedEvent> malformed = [.. page.Malformed.Where(each => IsFresh(SeenId.Hash(each.Id), today, ids))];
            var counts = _counts.Where(day => day.Key >= first).ToImmutableSortedDictionary();
            return (new NewEvents(events, malformed), new FreshIds(ids, oldest, counts));
        }
    }

    /// <summary>Makes the ids of a delivered page durable, and forgets those of events that will not be read again.</summary>
    public override void Remember(FreshIds delivered)
    {
        foreach (var day in delivered.Ids.GroupBy(each => each.Day, each => each.Id).OrderBy(day => day.Key))
        {
            state.Append(Name(stream, day.Key), MemoryMarshal.AsBytes<SeenId>(day.ToArray()), SeenId.Size);
        }

        Forget(FirstDay(delivered.Oldest));
    }

    /// <summary>How many ids of each day there are, where an earlier version wrote the checkpoint, which does not say it.</summary>
    public static IReadOnlyDictionary<DateOnly, int> Count(StateStore state, string stream) => Days(state, stream).ToDictionary(
        day => day, day => state.ReadRecords(Name(stream, day), SeenId.Size, StateStore.Large).Length / SeenId.Size);

    /// <summary>Forgets everything: the stream begins anew.</summary>
    public static void Delete(StateStore state, string stream)
    {
        foreach (var day in Days(state, stream))
        {
            state.Delete(Name(stream, day));
        }
    }

    static DateOnly Day(DateTimeOffset time) => DateOnly.FromDateTime(time.UtcDateTime);

    static DateOnly FirstDay(DateTimeOffset oldest) => Day(oldest.Minus(TimeSpan.FromDays(1)));

    // Null where it says no day, or none of those that are kept: it counts as of the day on which it was read.
    static DateOnly? DayOf(ActivityEvent each, DateOnly first, DateOnly last) =>
        each.Time is { } happened && Day(happened) is var day && day >= first && day <= last ? day : null;

    // A version before this one wrote the id alone. It counts as seen whatever its bytes are, so that nothing comes twice.
    ActivityEvent? Fresh(ActivityEvent each, DateOnly day, List<(DateOnly Day, SeenId Id)> ids)
    {
        Load(day);
        var alone = SeenId.Hash(each.Id);
        var (id, isTwin) = (alone.Hash(each.Bytes), false);
        foreach (var seen in _days.Values)
        {
            if (seen.HasTwin(id))
            {
                isTwin = true;
                if (seen.Contains(id) || seen.Contains(alone))
                {
                    return null;
                }
            }
        }

        Note(id, day, ids);
        return isTwin ? DuplicateIds.Renamed(each) : each;
    }

    bool IsFresh(SeenId id, DateOnly day, List<(DateOnly Day, SeenId Id)> ids)
    {
        if (_days.Values.Any(seen => seen.Contains(id)))
        {
            return false;
        }

        Note(id, day, ids);
        return true;
    }

    void Note(SeenId id, DateOnly day, List<(DateOnly Day, SeenId Id)> ids)
    {
        Load(day).Add(id);
        ids.Add((day, id));
        _counts[day]++;
    }

    void ReadAll(DateOnly last)
    {
        foreach (var day in Days(state, stream).Where(day => day <= last))
        {
            Load(day);
        }
    }

    SeenIds Load(DateOnly day)
    {
        if (!_days.TryGetValue(day, out var seen))
        {
            var ids = Read(day);
            _counts[day] = ids.Length;
            _days.Add(day, seen = new SeenIds(ids));
        }

        return seen;
    }

    ReadOnlySpan<SeenId> Read(DateOnly day)
    {
        var ids = MemoryMarshal.Cast<byte, SeenId>(state.ReadRecords(Name(stream, day), SeenId.Size, StateStore.Large));
        if (ids.Length <= counted.GetValueOrDefault(day))
        {
            return ids;
        }

        ids = ids[..counted.GetValueOrDefault(day)];
        state.Replace(Name(stream, day), MemoryMarshal.AsBytes(ids));
        return ids;
    }

    static string Name(string stream, DateOnly day) =>
        string.Create(CultureInfo.InvariantCulture, $"{Beginning(stream)}{day:yyyy-MM-dd}{Ending}");

    static string Beginning(string stream) => $"seen-{stream}-";

    static IEnumerable<DateOnly> Days(StateStore state, string stream) => state.Names(Beginning(stream), Ending)
        .Select(name => DateOnly.TryParseExact(
            name[Beginning(stream).Length..^Ending.Length], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day
            : (DateOnly?)null)
        .OfType<DateOnly>();

    void Forget(DateOnly before)
    {
        if (before <= _forgotten)
        {
            return;
        }

        _forgotten = before;
        var last = Today.AddDays(MostDaysAhead);
        lock (_changing)
        {
            foreach (var day in _days.Keys.Where(day => day < before || day > last).ToList())
            {
                _days.Remove(day);
            }
        }

        foreach (var day in Days(state, stream).Where(day => day < before || day > last))
        {
            state.Delete(Name(stream, day));
        }
    }
}
