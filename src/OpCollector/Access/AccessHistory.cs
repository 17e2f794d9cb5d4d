using OpCollector.Events;
using OpCollector.Names;

namespace OpCollector.Access;

/// <summary>
/// Who could reach what, and when: read from delivered events of both sources, in whatever order, and from lists. It grows with the people,
/// groups and vaults and with their changes, not with the events, and has a bound.
/// </summary>
internal sealed class AccessHistory
{
    /// <summary>What a large account changes in many years; of more, the older ones of each are forgotten.</summary>
    public const int MostChanges = 400_000;

    /// <summary>People, groups and vaults together.</summary>
    public const int MostThings = 200_000;

    // 1Password is younger; an older time says nothing of where the log begins.
    static readonly DateTimeOffset Earliest = new(1990, 1, 1, 0, 0, 0, TimeSpan.Zero);

    readonly Things _things = new();
    readonly ChangeReader _reader;
    readonly Dictionary<(Thing On, Thing Of), Relation> _relations = [];
    readonly Dictionary<Thing, Timeline> _lives = [];
    readonly Dictionary<(NameKind Kind, string Uuid, NameKind Shows), AccessList> _lists = [];
    readonly int _bound;
    readonly int _mostThings;
    int _count;
    int _most;

    /// <param name="most">How many changes are kept.</param>
    /// <param name="mostThings">How many people, groups and vaults together.</param>
    public AccessHistory(int most = MostChanges, int mostThings = MostThings) =>
        (_reader, _bound, _most, _mostThings) = (new ChangeReader(_things), most, most, mostThings);

    /// <summary>When the first event of the audit log happened that was read; null before one was.</summary>
    public DateTimeOffset? Begins { get; private set; }

    /// <summary>When the last one happened.</summary>
    public DateTimeOffset? Ends { get; private set; }

    /// <summary>How many events change access and do not say whose, to what, or when.</summary>
    public long Unusable { get; private set; }

    /// <summary>Whether there was more than is kept.</summary>
    public bool IsPartial { get; private set; }

    /// <summary>Every person, group and vault that is named.</summary>
    public IEnumerable<Thing> Things => _things.All;

    /// <summary>Every change, in order of time.</summary>
    public IEnumerable<AccessChange> Changes => _relations.Values.Select(relation => relation.Changes)
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

        if (_things.Count >= _mostThings)
        {
            IsPartial = true;
        }
        else if (time >= Earliest && _reader.Read(time.Value, ForeignText.Shortened(id)) is { } change)
        {
            Add(change);
        }
        else
        {
            Unusable++;
        }
    }

    /// <summary>Takes over what a list shows; of two for the same, the later one counts.</summary>
    public void Add(AccessList list)
    {
        var key = (list.Kind, list.Uuid, list.Shows);
        if (!_lists.TryGetValue(key, out var known) || known.Read <= list.Read)
        {
            _lists[key] = list;
        }
    }

    /// <summary>Takes over the names that are known, and who is in the groups whose members are known.</summary>
    public void Learn(NameBook book)
    {
        foreach (var (kind, thing) in book.All)
        {
            Learn(kind, thing.Uuid, thing.Name, thing.Email);
        }

        foreach (var (group, members) in book.Members.Where(each => each.Value.Read is not null))
        {
            Add(new AccessList(
                NameKind.Group,
                group,
                NameKind.User,
                [.. members.Names.Where(each => each.Gone is null).Select(each => each.Uuid)],
                members.Read!.Value));
        }
    }

    /// <summary>Takes over what a list of names calls something.</summary>
    /// <param name="kind">Null where the list does not say what it is: then only what is known already learns its name.</param>
    public void Learn(NameKind? kind, string uuid, string? name, string? email)
    {
        if (kind is { } told)
        {
            _things.Of(told, uuid, name, email);
            return;
        }

        foreach (var thing in _things.Known(uuid))
        {
            thing.Learn(name, email);
        }
    }

    /// <summary>How it was at a moment, as far as the log and the lists tell.</summary>
    public AccessState At(DateTimeOffset time)
    {
        foreach (var list in _lists.Values)
        {
            Apply(list);
        }

        return new AccessState(
            time,
            _relations.Values,
            thing => _lives.TryGetValue(thing, out var life) ? Standing.At(life, time) : Standing.Unknown);
    }

    void Add(AccessChange change)
    {
        // What has had no change yet is not taken in where even two changes of each were too many.
        if (_most > _bound && !IsKnown(change))
        {
            return;
        }

        var timeline = change.Of is null ? LifeOf(change.On) : Between(change.On, change.Of).Changes;
        _count += timeline.Add(change) ? 1 : 0;
        if (_count > _most)
        {
            MakeRoom();
        }
    }

    bool IsKnown(AccessChange change) =>
        change.Of is null ? _lives.ContainsKey(change.On) : _relations.ContainsKey((change.On, change.Of));

    void MakeRoom()
    {
        IsPartial = true;
        foreach (var timeline in _relations.Values.Select(relation => relation.Changes).Concat(_lives.Values))
        {
            _count -= timeline.Cut();
        }

        // Or each further change would look through all of them anew.
        _most = Math.Max(_bound, _count + (_bound / 4));
    }

    void Apply(AccessList list)
    {
        if (_things.Of(list.Kind, list.Uuid) is not { } on)
        {
            return;
        }

        foreach (var of in list.Uuids.Select(uuid => _things.Of(list.Shows, uuid)).OfType<Thing>())
        {
            Between(on, of);
        }

        var listed = list.Uuids.ToHashSet();
        foreach (var relation in _relations.Values.Where(each => each.On == on && each.Of.Kind == list.Shows))
        {
            (relation.ListRead, relation.IsListed) = (list.Read, listed.Contains(relation.Of.Uuid));
        }
    }

    Relation Between(Thing on, Thing of)
    {
        if (!_relations.TryGetValue((on, of), out var relation))
        {
            relation = _relations[(on, of)] = new Relation(on, of);
        }

        return relation;
    }

    Timeline LifeOf(Thing thing)
    {
        if (!_lives.TryGetValue(thing, out var life))
        {
            life = _lives[thing] = new Timeline();
        }

        return life;
    }
}
