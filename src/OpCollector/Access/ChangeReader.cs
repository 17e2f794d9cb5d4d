using OpCollector.Detection.Sigma;
using OpCollector.Events;

namespace OpCollector.Access;

/// <summary>Reads from an event of either source what it changes of access; most events change nothing, and cost next to nothing.</summary>
internal sealed class ChangeReader
{
    const string NoRights = "0";
    const int LongestRight = 40;

    // Of the words of 1Password; what is much longer, and written with escapes, is none of them.
    const int LongestWord = 128;

    // https://developer.1password.com/docs/events-api/reference
    static readonly Dictionary<string, Kind> Kinds = new(StringComparer.OrdinalIgnoreCase)
    {
        ["gm"] = new(
            NameKind.Group,
            NameKind.User,
            ("join", AccessChangeKind.Began), ("role", AccessChangeKind.Changed), ("leave", AccessChangeKind.Ended)),
        ["uva"] = new(NameKind.Vault, NameKind.User, Kind.OfAccess),
        ["gva"] = new(NameKind.Vault, NameKind.Group, Kind.OfAccess),
        ["vault"] = new(NameKind.Vault, null, Kind.OfLife),
        ["group"] = new(NameKind.Group, null, Kind.OfLife),
        ["user"] = new(NameKind.User, null, Kind.OfPeople),
        ["sa"] = new(NameKind.User, null, Kind.OfPeople),
    };

    static readonly Dictionary<string, Kind>.AlternateLookup<ReadOnlySpan<char>> KindOf =
        Kinds.GetAlternateLookup<ReadOnlySpan<char>>();

    readonly KnownEntities _things;
    readonly EventView _view;
    readonly int _action;
    readonly int _type;
    readonly int[] _actor;
    readonly int[] _object;
    readonly int[] _aux;
    readonly int _right;

    public ChangeReader(KnownEntities things)
    {
        var fields = new FieldTable();
        int[] Called(string of) => [fields.Slot($"{of}_uuid"), fields.Slot($"{of}_name"), fields.Slot($"{of}_email")];
        _things = things;
        (_action, _type, _right) = (fields.Slot("action"), fields.Slot("object_type"), fields.Slot("aux_info"));
        (_actor, _object, _aux) = (Called("actor"), Called("object"), Called("aux"));
        _view = new EventView(fields);
    }

    /// <summary>Looks at an event.</summary>
    /// <returns>Whether it changes access.</returns>
    public bool IsChange(ReadOnlyMemory<byte> json)
    {
        _view.Read(json);
        return Find() is not null;
    }

    /// <summary>
    /// What the event changes that was looked at; null where it does not say whose access it is, or to what, and where no more is taken in.
    /// </summary>
    public AccessChange? Read(DateTimeOffset time, string id)
    {
        var (kind, act) = Find()!.Value;
        var (on, of) = (ReadEntity(kind.On, _object), kind.Of is { } whose ? ReadEntity(whose, _aux) : null);
        if (on is null || (of is null && kind.Of is not null))
        {
            return null;
        }

        var right = kind.Of is not null && _view.Said(_right) is { } said ? ForeignText.Shortened(said, LongestRight) : null;
        // An access without any right is none.
        return new AccessChange(
            time, id, right == NoRights && kind.On == NameKind.Vault ? AccessChangeKind.Ended : act, Actor(), on, of, right);
    }

    (Kind Kind, AccessChangeKind Act)? Find() =>
        KindOf.TryGetValue(Text(_type), out var kind) && kind.Acts.TryGetValue(Text(_action), out var act) ? (kind, act) : null;

    // Good until the next one is asked for.
    ReadOnlySpan<char> Text(int slot) =>
        _view.First(slot) is >= 0 and var at && _view[at].Length <= LongestWord ? _view.Text(_view[at]) : default;

    Entity? ReadEntity(NameKind kind, int[] slots) =>
        _things.Admit(kind, _view.Said(slots[0]), _view.Said(slots[1]), _view.Said(slots[2]));

    Entity? Actor() => _things.Actor(_view.Said(_actor[0]), _view.Said(_actor[1]), _view.Said(_actor[2]));

    /// <summary>A type of object whose changes are changes of access.</summary>
    /// <param name="on">What the object is.</param>
    /// <param name="of">What the second uuid is; null where it is of no account.</param>
    sealed class Kind(NameKind on, NameKind? of, params (string Action, AccessChangeKind Act)[] acts)
    {
        public static readonly (string, AccessChangeKind)[] OfAccess =
            [("grant", AccessChangeKind.Began), ("update", AccessChangeKind.Changed), ("revoke", AccessChangeKind.Ended)];

        public static readonly (string, AccessChangeKind)[] OfLife =
            [("create", AccessChangeKind.Began), ("delete", AccessChangeKind.Ended), ("purge", AccessChangeKind.Ended)];

        public static readonly (string, AccessChangeKind)[] OfPeople =
        [
            ("create", AccessChangeKind.Began), ("activate", AccessChangeKind.Began), ("delete", AccessChangeKind.Ended),
            ("suspend", AccessChangeKind.Suspended), ("reactive", AccessChangeKind.Resumed),
        ];

        public NameKind On => on;

        public NameKind? Of => of;

        public Dictionary<string, AccessChangeKind>.AlternateLookup<ReadOnlySpan<char>> Acts { get; } =
            acts.ToDictionary(each => each.Action, each => each.Act, StringComparer.OrdinalIgnoreCase)
                .GetAlternateLookup<ReadOnlySpan<char>>();
    }
}
