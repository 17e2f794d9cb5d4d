using OpCollector.Detection.Sigma.Matching;
using OpCollector.Events;

namespace OpCollector.Access;

/// <summary>Reads from an event of either source what it changes of access; most events change nothing, and cost next to nothing.</summary>
internal sealed class ChangeReader
{
    const string NoRights = "0";
    const int LongestRight = 40;

    // No word of 1Password is longer; a text that is much longer, and written with escapes, cannot be one.
    const int LongestWord = 128;

    // https://developer.1password.com/docs/events-api/reference
    static readonly Dictionary<string, ObjectType> Kinds = new(StringComparer.OrdinalIgnoreCase)
    {
        ["gm"] = new(
            NameKind.Group,
            NameKind.User,
            ("join", AccessChangeKind.Began), ("role", AccessChangeKind.Changed), ("leave", AccessChangeKind.Ended)),
        ["uva"] = new(NameKind.Vault, NameKind.User, ObjectType.OfAccess),
        ["gva"] = new(NameKind.Vault, NameKind.Group, ObjectType.OfAccess),
        ["vault"] = new(NameKind.Vault, null, ObjectType.OfLife),
        ["group"] = new(NameKind.Group, null, ObjectType.OfLife),
        ["user"] = new(NameKind.User, null, ObjectType.OfPeople),
        ["sa"] = new(NameKind.User, null, ObjectType.OfPeople),
    };

    static readonly Dictionary<string, ObjectType>.AlternateLookup<ReadOnlySpan<char>> ObjectTypes =
        Kinds.GetAlternateLookup<ReadOnlySpan<char>>();

    readonly KnownEntities _entities;
    readonly EventView _view;
    readonly int _action;
    readonly int _type;
    readonly int[] _actor;
    readonly int[] _object;
    readonly int[] _aux;
    readonly int _right;

    public ChangeReader(KnownEntities entities)
    {
        var fields = new FieldTable();
        int[] Called(string of) => [fields.Slot($"{of}_uuid"), fields.Slot($"{of}_name"), fields.Slot($"{of}_email")];
        _entities = entities;
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
        var (type, change) = Find()!.Value;
        var (target, principal) = (ReadEntity(type.Target, _object), type.Principal is { } whose ? ReadEntity(whose, _aux) : null);
        if (target is null || (principal is null && type.Principal is not null))
        {
            return null;
        }

        var right = type.Principal is not null && _view.FirstText(_right) is { } said ? ForeignText.Shortened(said, LongestRight) : null;
        // Without a right there is nothing to report.
        return new AccessChange(
            time,
            id,
            right == NoRights && type.Target == NameKind.Vault ? AccessChangeKind.Ended : change,
            Actor(),
            target,
            principal,
            right);
    }

    (ObjectType Type, AccessChangeKind Change)? Find() =>
        ObjectTypes.TryGetValue(Text(_type), out var type) && type.Changes.TryGetValue(Text(_action), out var change)
            ? (type, change)
            : null;

    // Good until the next one is asked for.
    ReadOnlySpan<char> Text(int slot) =>
        _view.First(slot) is >= 0 and var at && _view[at].Length <= LongestWord ? _view.Text(_view[at]) : default;

    Entity? ReadEntity(NameKind kind, int[] slots) =>
        _entities.Admit(kind, _view.FirstText(slots[0]), _view.FirstText(slots[1]), _view.FirstText(slots[2]));

    Entity? Actor() => _entities.Actor(_view.FirstText(_actor[0]), _view.FirstText(_actor[1]), _view.FirstText(_actor[2]));

    /// <summary>A type of object whose changes are changes of access.</summary>
    /// <param name="target">What the object is.</param>
    /// <param name="principal">What the second uuid is; null where it is of no account.</param>
    sealed class ObjectType(NameKind target, NameKind? principal, params (string Action, AccessChangeKind Change)[] changes)
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

        public NameKind Target => target;

        public NameKind? Principal => principal;

        public Dictionary<string, AccessChangeKind>.AlternateLookup<ReadOnlySpan<char>> Changes { get; } =
            changes.ToDictionary(each => each.Action, each => each.Change, StringComparer.OrdinalIgnoreCase)
                .GetAlternateLookup<ReadOnlySpan<char>>();
    }
}
