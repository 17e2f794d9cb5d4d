using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using OpCollector.Events;

namespace OpCollector.Names;

/// <summary>The names of users, groups and vaults by their uuids.</summary>
internal sealed class NameBook
{
    public static readonly NameBook Empty = new(NameList.Empty, NameList.Empty, NameList.Empty, []);

    static readonly NameKind[] Kinds = [NameKind.User, NameKind.Group, NameKind.Vault];

    readonly NameList[] _lists;
    readonly IReadOnlyList<NamedEntity> _more;

    // Made when a name is looked for: a book that is only kept, or compared, needs none.
    readonly Lazy<Dictionary<byte[], EncodedName>.AlternateLookup<ReadOnlySpan<byte>>>[] _names;

    /// <param name="more">From other sources than op; of any kind.</param>
    public NameBook(NameList users, NameList groups, NameList vaults, IReadOnlyList<NamedEntity> more)
    {
        _lists = [users, groups, vaults];
        _more = more;
        _names = [.. _lists.Select(list => Lookup(list.Names)), Lookup(more)];
    }

    NameBook(NameBook before, NameKind kind, NameList list)
    {
        (_lists, _more, _names, Members) = ([.. before._lists], before._more, [.. before._names], before.Members);
        _lists[(int)kind] = list;
        if (!ReferenceEquals(list.Names, before._lists[(int)kind].Names))
        {
            _names[(int)kind] = Lookup(list.Names);
        }
    }

    NameBook(NameBook before, IReadOnlyDictionary<string, NameList> members)
    {
        (_lists, _more, _names, Members) = (before._lists, before._more, before._names, members);
    }

    /// <summary>Everything that has a name; without a kind where it comes from other sources than op.</summary>
    public IEnumerable<(NameKind? Kind, NamedEntity Entity)> All =>
        Kinds.SelectMany(kind => this[kind].Names.Select(entity => ((NameKind?)kind, entity)))
            .Concat(_more.Select(entity => ((NameKind?)null, entity)));

    public NameList this[NameKind kind] => _lists[(int)kind];

    /// <summary>Who is in the groups that watch lists follow, by the uuid of the group.</summary>
    public IReadOnlyDictionary<string, NameList> Members { get; init; } = new Dictionary<string, NameList>();

    /// <summary>Who is in a group, as far as it was asked for.</summary>
    public NameList MembersOf(string group) => Members.GetValueOrDefault(group, NameList.Empty);

    /// <summary>The uuids of the groups of a name; of the one itself where it is a uuid.</summary>
    public IEnumerable<string> GroupsCalled(string called) => this[NameKind.Group].Names
        .Where(group => group.Uuid == called || called.Equals(group.Name, StringComparison.OrdinalIgnoreCase))
        .Select(group => group.Uuid);

    /// <summary>The name behind a uuid, as JSON writes it; null where no list has it.</summary>
    /// <param name="kind">Where to look first. A uuid belongs to one thing in the world, so any list will do.</param>
    public EncodedName? Find(NameKind? kind, ReadOnlySpan<byte> uuid)
    {
        if (kind is { } first && _names[(int)first].Value.TryGetValue(uuid, out var name))
        {
            return name;
        }

        foreach (var names in _names)
        {
            if (names.Value.TryGetValue(uuid, out name))
            {
                return name;
            }
        }

        return null;
    }

    /// <exception cref="Failure">With so many names of a kind there would be more than can be kept (65).</exception>
    public void RefuseTooMany(NameKind kind, int names)
    {
        if (names
            + Kinds.Where(other => other != kind).Sum(other => this[other].Names.Count(each => each.Gone is null)) > PageJson.MostNames)
        {
            throw new Failure(
                ExitCode.SourceData,
                string.Create(
                    CultureInfo.InvariantCulture, $"op lists more than {PageJson.MostNames:N0} users, groups and vaults together"));
        }
    }

    public NameBook With(NameKind kind, NameList list) => new(this, kind, list);

    public NameBook With(string group, NameList members) => new(this, new Dictionary<string, NameList>(Members) { [group] = members });

    public NameBook WithMore(IReadOnlyList<NamedEntity> more) => new(_lists[0], _lists[1], _lists[2], more) { Members = Members };

    /// <summary>Which lists are to be read: those that are old, and those that may bring what is unknown.</summary>
    /// <param name="fresh">What was read in this very run.</param>
    public IReadOnlyList<NameKind> ToRead(
        IReadOnlyCollection<UnknownName> unknown, IReadOnlySet<NameKind> fresh, TimeSpan refreshAfter, DateTimeOffset now) =>
    [
        .. Kinds.Where(kind => this[kind].IsOlderThan(refreshAfter, now)
            || unknown.Any(
                each => each.Kind == kind && this[kind].MayBring(each.Uuid, each.Seen, fresh.Contains(kind), refreshAfter, now))),
    ];

    /// <summary>The book that remembers which uuids were not found; this one where it has names for all of them.</summary>
    public NameBook WithMissing(IEnumerable<UnknownName> unknown, TimeSpan refreshAfter, DateTimeOffset now) => unknown
        .Where(each => Find(each.Kind, Encoding.UTF8.GetBytes(each.Uuid)) is null)
        .GroupBy(each => each.Kind)
        .Aggregate(
            this, (book, kind) => book.With(kind.Key, book[kind.Key].WithMissing([.. kind.Select(each => each.Uuid)], refreshAfter, now)));

    /// <summary>Of each list the one that was tried later, but not after now: two runs may have read them side by side.</summary>
    public NameBook Latest(NameBook other, DateTimeOffset now)
    {
        bool IsLater(NameList theirs, NameList ours) => theirs.Tried <= now && !(theirs.Tried <= ours.Tried);
        var lists = Kinds.Aggregate(this, (latest, kind) => IsLater(other[kind], latest[kind]) ? latest.With(kind, other[kind]) : latest);
        return other.Members.Aggregate(
            lists, (latest, group) => IsLater(group.Value, latest.MembersOf(group.Key)) ? latest.With(group.Key, group.Value) : latest);
    }

    static Lazy<Dictionary<byte[], EncodedName>.AlternateLookup<ReadOnlySpan<byte>>> Lookup(
        IReadOnlyList<NamedEntity> entities) => new(() =>
    {
        var names = new Dictionary<byte[], EncodedName>(entities.Count, Utf8Comparer.Instance);
        foreach (var entity in entities)
        {
            names[Encoded(entity.Uuid)] = new EncodedName(Encoded(entity.Name), Encoded(entity.Email));
        }

        return names.GetAlternateLookup<ReadOnlySpan<byte>>();
    });

    static byte[] Encoded(string? text) =>
        text is null ? [] : JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes.ToArray();
}

/// <summary>A name and an e-mail as JSON writes them between quotes; empty where the list has neither.</summary>
internal sealed record EncodedName(byte[] Name, byte[] Email)
{
    /// <summary>What to call it by in a sentence.</summary>
    public byte[] Best => Name.Length > 0 ? Name : Email;
}

/// <summary>A uuid that should have a name and is in no list.</summary>
/// <param name="Seen">When the event that has it happened; null where it does not say so.</param>
internal readonly record struct UnknownName(NameKind Kind, string Uuid, DateTimeOffset? Seen);
