using System.Collections.Immutable;

namespace OpCollector.Sources.EventsApi;

/// <summary>
/// What was delivered of a stream, day by day: a file is read when its day is asked for. Ids of a page that the checkpoint does not count
/// are removed: the page is delivered again, or the rules, which do not remember it either, would never see it.
/// </summary>
/// <param name="counted">How many ids of each day the checkpoint counts.</param>
internal sealed class SeenDays(SeenFiles files, IReadOnlyDictionary<DateOnly, int> counted)
{
    readonly Dictionary<DateOnly, SeenIds> _days = [];
    readonly Dictionary<DateOnly, int> _counts = new(counted);

    /// <summary>How many ids there are of each day, from a day on.</summary>
    public ImmutableSortedDictionary<DateOnly, int> CountsFrom(DateOnly first) =>
        _counts.Where(day => day.Key >= first).ToImmutableSortedDictionary();

    /// <summary>What was delivered of a day.</summary>
    public SeenIds Of(DateOnly day)
    {
        if (!_days.TryGetValue(day, out var seen))
        {
            var ids = ReadCounted(day);
            _counts[day] = ids.Length;
            _days.Add(day, seen = new SeenIds(ids));
        }

        return seen;
    }

    /// <summary>Reads the files of all days up to one.</summary>
    public void ReadAll(DateOnly last)
    {
        foreach (var day in files.Days.Where(day => day <= last))
        {
            Of(day);
        }
    }

    public void Add(DateOnly day, SeenId id)
    {
        Of(day).Add(id);
        _counts[day]++;
    }

    /// <summary>Whether that was delivered, of any day that was read.</summary>
    public bool Contains(SeenId id)
    {
        foreach (var seen in _days.Values)
        {
            if (seen.Contains(id))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether anything of the same id was delivered, of any day that was read.</summary>
    public bool HasTwin(SeenId id)
    {
        foreach (var seen in _days.Values)
        {
            if (seen.HasTwin(id))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Forgets the days outside of a span; their files stay.</summary>
    public void ForgetOutside(DateOnly first, DateOnly last)
    {
        foreach (var day in _days.Keys.Where(day => day < first || day > last).ToList())
        {
            _days.Remove(day);
        }
    }

    ReadOnlySpan<SeenId> ReadCounted(DateOnly day)
    {
        var count = counted.GetValueOrDefault(day);
        var ids = files.Read(day);
        if (ids.Length <= count)
        {
            return ids;
        }

        files.Replace(day, ids[..count]);
        return ids[..count];
    }
}
