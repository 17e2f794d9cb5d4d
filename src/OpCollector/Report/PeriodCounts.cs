using OpCollector.Access;
using OpCollector.Detection.Findings;
using OpCollector.Events;

namespace OpCollector.Report;

/// <summary>
/// Everything that a report counts, in one pass over the events and with a bound for each table, so that the memory does not depend on how
/// many events there are.
/// </summary>
/// <param name="now">By this clock a time is believed or not.</param>
internal sealed class PeriodCounts(ReportSpan span, AdminHours admins, PrivilegedEntities privileged, DateTimeOffset now)
{
    // 1Password is younger; and a clock that is ahead is not ahead by a year.
    static readonly DateTimeOffset Earliest = new(2005, 1, 1, 0, 0, 0, TimeSpan.Zero);
    static readonly TimeSpan MostToCome = TimeSpan.FromDays(366);

    // Beside everything else that is counted; opcollector access keeps more.
    const long MostOfAccess = 12_000_000;

    readonly EventReader _reader = new();
    readonly RecentEvents _recent = new();

    public ReportSpan Span => span;

    public AdminHours Admins => admins;

    public PrivilegedEntities Privileged => privileged;

    /// <summary>Who can reach what; of all events, because what began before the period goes on in it.</summary>
    public AccessHistory Access { get; } = new(MostOfAccess);

    public IReadOnlyDictionary<string, NewestEvents> ByStream { get; } =
        Streams.All.ToDictionary(stream => stream, _ => new NewestEvents());

    public NewestEvents Untimed { get; } = new();

    /// <summary>Events whose time nobody can believe: they would stretch the period to centuries, and are in no picture.</summary>
    public NewestEvents Unbelievable { get; } = new();

    public Timeline Timeline { get; } = new();

    public FoundFindings Findings { get; } = new();

    public Ranking People { get; } = new();

    public Ranking Clients { get; } = new();

    public Ranking Countries { get; } = new();

    public FailedSignIns Failed { get; } = new();

    public QuietHours Quiet { get; } = new();

    public DateTimeOffset? First { get; private set; }

    public DateTimeOffset? Last { get; private set; }

    public long Events => ByStream.Values.Sum(each => each.Count);

    /// <summary>Counts an event and what the rules found in it.</summary>
    public void Add(ReadOnlyMemory<byte> bytes, string stream, string id, DateTimeOffset? time, IReadOnlyList<Finding> findings)
    {
        var each = _reader.Read(bytes, stream, id, time);
        _recent.Add(each);
        Access.Read(bytes, stream, time, id);
        if (!span.Holds(time))
        {
            return;
        }

        ByStream[stream].Add(each);
        CountTime(each);
        Count(each);
        foreach (var finding in findings)
        {
            var kept = KeptFinding.Keep(finding, _recent);
            Findings.Add(kept);
            if (time is { } when && IsBelievable(when))
            {
                Timeline.Add(when, kept);
            }
        }
    }

    void CountTime(ShownEvent each)
    {
        if (each.Time is not { } time)
        {
            Untimed.Add(each);
            return;
        }

        if (!IsBelievable(time))
        {
            Unbelievable.Add(each);
            return;
        }

        (First, Last) = (!(First <= time) ? time : First, !(Last >= time) ? time : Last);
        Timeline.Add(time, each);
        Quiet.Add(each, time);
    }

    bool IsBelievable(DateTimeOffset time) => time >= Earliest && time <= now.Plus(MostToCome);

    void Count(ShownEvent each)
    {
        if (_reader.Person is { } person)
        {
            var ranked = People.Count(person, each);
            ranked.Name ??= _reader.PersonName ?? _reader.PersonAddress;
            admins.Add(_reader, person, each);
        }

        if (_reader.Client is { } client)
        {
            Clients.Count(client, each);
        }

        if (_reader.Country is { } country)
        {
            Countries.Count(country, each);
        }

        if (_reader.FailureReason is { } reason)
        {
            Failed.Add(_reader, reason, each);
        }
    }
}
