using NodaTime;
using OpCollector.Detection;
using OpCollector.Events;

namespace OpCollector.Report;

/// <summary>
/// When each administrator was active, and whether that was outside the working hours. Where no administrators are configured, it is those
/// who did something in the audit stream.
/// </summary>
/// <param name="admins">Uuids, names and e-mail addresses; empty where none are configured.</param>
/// <param name="home">The zone of those whose zone nobody has configured.</param>
internal sealed class AdminHours(IReadOnlySet<string> admins, WorkingHours hours, DateTimeZone home)
{
    const int Most = 1_000;

    // A page shows half as many. Only these have an event kept for each hour of their week.
    const int MostWithHours = 24;
    const int BetweenDrops = 2_000;
    const int MostAsked = 50_000;

    readonly Dictionary<string, AdminWeek?> _weeks = new(StringComparer.OrdinalIgnoreCase);
    int _known;
    long _counted;
    long _fewest;

    /// <summary>Whether it is known who the administrators are.</summary>
    public bool IsConfigured => admins.Count > 0;

    /// <summary>Whether there were more people than are kept.</summary>
    public bool IsPartial { get; private set; }

    /// <summary>The most active first.</summary>
    public IEnumerable<AdminWeek> Weeks => _weeks.Values.OfType<AdminWeek>()
        .OrderByDescending(week => week.Profile.Events)
        .ThenBy(week => week.Profile.UserUuid, StringComparer.Ordinal);

    public void Add(EventReader reader, string person, ShownEvent each)
    {
        if (each.Time is not { } time || (!IsConfigured && each.Stream != Streams.Audit))
        {
            return;
        }

        if (!_weeks.TryGetValue(person, out var week))
        {
            MakeRoom();
            _weeks[person] = week = WeekOf(person, reader.PersonName, reader.PersonAddress);
        }

        if (week is null || reader.IsAutomatic)
        {
            return;
        }

        week.Profile.Add(time);
        week.Events.Add(each);
        if (week.Events.Count >= _fewest)
        {
            week.AddToHour(each, time);
        }

        if (hours.IsOutside(person, week.Address, time))
        {
            week.Outside.Add(each);
        }

        if (++_counted % BetweenDrops == 0)
        {
            DropHours();
        }
    }

    void DropHours()
    {
        AdminWeek[] weeks = [.. Weeks];
        if (weeks.Length > MostWithHours)
        {
            _fewest = weeks[MostWithHours].Events.Count + 1;
            Array.ForEach(weeks[MostWithHours..], week => week.ForgetHours());
        }
    }

    AdminWeek? WeekOf(string person, string? name, string? address)
    {
        if (IsConfigured && !new[] { person, name, address }.Any(each => each is not null && admins.Contains(each)))
        {
            return null;
        }

        _known++;
        var zone = hours.ZoneOf(person, address);
        return new AdminWeek(new ActivityProfile(person, zone ?? home) { CalledBy = name ?? address }, address, zone is not null);
    }

    // Most people who are not administrators are asked for once; of very many, some are asked for again.
    void MakeRoom()
    {
        if (_weeks.Count >= MostAsked)
        {
            foreach (var other in _weeks.Where(each => each.Value is null).Select(each => each.Key).ToArray())
            {
                _weeks.Remove(other);
            }
        }

        if (_known >= Most && !IsConfigured)
        {
            IsPartial = true;
            foreach (var least in Weeks.Skip(Most / 2).ToArray())
            {
                _weeks.Remove(least.Profile.UserUuid);
                _known--;
            }
        }
    }
}

/// <summary>One administrator's hours.</summary>
/// <param name="HasHours">Whether working hours are configured for the person.</param>
internal sealed record AdminWeek(ActivityProfile Profile, string? Address, bool HasHours)
{
    // Of an hour of the week a page has hardly room for more.
    const int MostOfHour = 1;
    const int LongestOfHour = 120;

    readonly Dictionary<(IsoDayOfWeek Day, int Hour), NewestEvents> _byHour = [];

    public NewestEvents Events { get; } = new();

    /// <summary>Those of an hour of the week, in the person's time zone; where none is kept, those of all hours.</summary>
    public NewestEvents this[IsoDayOfWeek day, int hour] => _byHour.GetValueOrDefault((day, hour)) ?? Events;

    public void ForgetHours() => _byHour.Clear();

    public void AddToHour(ShownEvent each, DateTimeOffset time)
    {
        var local = time.InZone(Profile.Zone);
        if (!_byHour.TryGetValue((local.DayOfWeek, local.Hour), out var ofHour))
        {
            _byHour[(local.DayOfWeek, local.Hour)] = ofHour = new NewestEvents(MostOfHour);
        }

        ofHour.Add(each with { Sentence = ForeignText.Shortened(each.Sentence, LongestOfHour) });
    }

    /// <summary>Those outside the configured hours.</summary>
    public NewestEvents Outside { get; } = new();
}
