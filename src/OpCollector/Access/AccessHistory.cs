using OpCollector.Events;
using OpCollector.Names;

namespace OpCollector.Access;

/// <summary>
/// Who could reach what, and when: read from delivered events of both sources, in whatever order, and from lists. It grows with the people,
/// groups and vaults and with their changes, not with the events, and has a bound: of more changes the older ones are forgotten, and what
/// comes of more people, groups and vaults is left out.
/// </summary>
internal sealed class AccessHistory
{
    /// <summary>About 400,000 changes, which is what a large account changes in many years.</summary>
    public const long Most = 64_000_000;

    // 1Password is younger; an older time says nothing of where the log begins.
    static readonly DateTimeOffset Earliest = new(1990, 1, 1, 0, 0, 0, TimeSpan.Zero);

    readonly KnownEntities _entities = new();
    readonly ChangeReader _reader;
    readonly Dictionary<(Entity On, Entity Of), EntitlementHistory> _histories = [];
    readonly Dictionary<Entity, ChangeHistory> _lives = [];
    readonly ReadLists _lists = new();
    readonly long _bound;
    long _bytes;
    long _most;

    /// <param name="most">How much memory it takes at most, about.</param>
    public AccessHistory(long most = Most) => (_reader, _bound, _most) = (new ChangeReader(_entities), most, most);

    /// <summary>When the first event of the audit log happened that was read; null before one was.</summary>
    public DateTimeOffset? Begins { get; private set; }

    /// <summary>When the last one happened.</summary>
    public DateTimeOffset? Ends { get; private set; }

    /// <summary>How many events change access and do not say whose, to what, or when.</summary>
    public long Unusable { get; private set; }

    /// <summary>How many older changes were forgotten, because there are more than are kept.</summary>
    public long Forgotten { get; private set; }

    /// <summary>How many changes were left out, because there are more people, groups and vaults than are kept.</summary>
    public long LeftOut { get; private set; }

    /// <summary>What is missing, in sentences without their full stops.</summary>
    public IEnumerable<string> Gaps => new[]
    {
        (Unusable, "of access, which do not say whose, to what, or when, are left out"),
        (LeftOut, "of access are left out: there are more people, groups and vaults than are kept, and these are the later ones"),
        (Forgotten, "of access are forgotten: there are more than are kept, and these are older ones"),
    }
        .Where(each => each.Item1 > 0)
        .Select(each => $"{Quantity.Format(each.Item1, "change")} {each.Item2}");

    /// <summary>Every person, group and vault that is named.</summary>
    public IEnumerable<Entity> Entities => _entities.All;

    /// <summary>Every change, in order of time.</summary>
    public IEnumerable<AccessChange> Changes => _histories.Values.Select(history => history.Changes)
        .Concat(_lives.Values)
        .SelectMany(changes => changes.All)
        .OrderBy(change => change.Time)
        .ThenBy(change => change.Eid);

    /// <summary>Takes over what an event changes.</summary>
    /// <param name="json">A whole event, of either source, with the names that were added or without.</param>
    public void Read(ReadOnlyMemory<byte> json, string? stream, DateTimeOffset? time, string id)
    {
        if (stream != Streams.Audit)
        {
            return;
        }

        if (time >= Earliest)
        {
            Begins = Begins < time ? Begins : time;
            Ends = Ends > time ? Ends : time;
        }

        if (!_reader.IsChange(json))
        {
            return;
        }

        if (time >= Earliest && _reader.Read(time.Value, ForeignText.Shortened(id)) is { } change)
        {
            Add(change);
        }
        else if (time >= Earliest && _entities.IsClosed)
        {
            LeftOut++;
        }
        else
        {
            Unusable++;
        }
    }

    /// <summary>Takes over what a list shows; of two for the same, the later one counts.</summary>
    public void Add(AccessList list) => _lists.Add(list);

    /// <summary>Takes over the names that are known, and who is in the groups whose members are known.</summary>
    public void AddNames(NameBook book)
    {
        foreach (var (kind, entity) in book.All)
        {
            AddName(kind, entity.Uuid, entity.Name, entity.Email);
        }

        foreach (var (group, members) in book.Members.Where(each => each.Value.Read is not null))
        {
            Add(new AccessList(
                NameKind.Group,
                group,
                NameKind.User,
                members.Names.Where(each => each.Gone is null).ToDictionary(each => each.Uuid, _ => (string?)null),
                members.Read!.Value));
        }
    }

    /// <summary>Takes over what a list of names calls something.</summary>
    /// <param name="kind">Null where the list does not say what it is: then only what is known already learns its name.</param>
    public void AddName(NameKind? kind, string uuid, string? name, string? email)
    {
        if (kind is { } told)
        {
            _entities.FindOrAdd(told, uuid, name, email);
            return;
        }

        foreach (var entity in _entities.Known(uuid))
        {
            _entities.AddName(entity, name, email);
        }
    }

    /// <summary>How it was at a moment, as far as the log and the lists tell.</summary>
    public AccessState AsOf(DateTimeOffset time)
    {
        foreach (var list in _lists.All)
        {
            Apply(list);
        }

        return new AccessState(
            time,
            _histories.Values,
            entity => _lives.TryGetValue(entity, out var life) ? EntityStatus.AsOf(life, time) : EntityStatus.Unknown);
    }

    long Taken => _entities.Bytes + _bytes;

    void Add(AccessChange change)
    {
        if (_entities.IsClosed && !IsKnown(change))
        {
            LeftOut++;
            return;
        }

        var history = change.Principal is null ? LifeOf(change.Target) : Between(change.Target, change.Principal).Changes;
        _bytes += history.Add(change) ? change.Bytes : 0;
        if (Taken > _most)
        {
            MakeRoom();
        }
    }

    bool IsKnown(AccessChange change) =>
        change.Principal is null ? _lives.ContainsKey(change.Target) : _histories.ContainsKey((change.Target, change.Principal));

    void MakeRoom()
    {
        foreach (var history in _histories.Values.Select(history => history.Changes).Concat(_lives.Values))
        {
            var forgotten = history.Cut();
            Forgotten += forgotten.Count;
            _bytes -= forgotten.Sum(change => (long)change.Bytes);
        }

        // Each keeps its last two changes; where even these take so much, nothing that is unknown is taken in.
        _entities.IsClosed |= Taken > _bound / 2;
        // Or each further change would look through all of them anew.
        _most = Math.Max(_bound, Taken + (_bound / 8));
    }

    void Apply(AccessList list)
    {
        if (_entities.FindOrAdd(list.Kind, list.Uuid) is not { } subject)
        {
            return;
        }

        var through = ReadLists.ReachedThroughGroups(list, subject, _histories.Values);
        var shows = list.Rights.Keys.Select(uuid => _entities.FindOrAdd(list.Shows, uuid)).OfType<Entity>();
        foreach (var shown in shows.Where(each => !through.Contains(each)))
        {
            _ = list.IsOfHolder ? Between(shown, subject) : Between(subject, shown);
        }

        ReadLists.MarkListed(list, subject, _histories.Values, through);
    }

    EntitlementHistory Between(Entity target, Entity principal)
    {
        if (!_histories.TryGetValue((target, principal), out var history))
        {
            history = _histories[(target, principal)] = new EntitlementHistory(target, principal);
            _bytes += EntitlementHistory.Empty;
        }

        return history;
    }

    ChangeHistory LifeOf(Entity entity)
    {
        if (!_lives.TryGetValue(entity, out var life))
        {
            life = _lives[entity] = new ChangeHistory();
            _bytes += ChangeHistory.Empty;
        }

        return life;
    }
}
