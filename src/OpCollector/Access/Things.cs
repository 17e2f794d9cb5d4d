using OpCollector.Events;

namespace OpCollector.Access;

/// <summary>Every person, group and vault that a history names, each of them once.</summary>
internal sealed class Things
{
    // 1Password's have 26 characters.
    const int LongestUuid = 128;
    const int LongestName = 100;

    readonly Dictionary<(NameKind Kind, string Uuid), Thing> _known = [];

    public int Count => _known.Count;

    public IEnumerable<Thing> All => _known.Values;

    /// <summary>The thing of a uuid; null where that is none.</summary>
    public Thing? Of(NameKind kind, string? uuid)
    {
        if (string.IsNullOrEmpty(uuid) || uuid.Length > LongestUuid)
        {
            return null;
        }

        if (!_known.TryGetValue((kind, uuid), out var thing))
        {
            thing = _known[(kind, uuid)] = new Thing(kind, uuid);
        }

        return thing;
    }

    /// <summary>The same with what it is called.</summary>
    public Thing? Of(NameKind kind, string? uuid, string? name, string? email = null)
    {
        var thing = Of(kind, uuid);
        thing?.Learn(Short(name), Short(email));
        return thing;
    }

    /// <summary>What is known under a uuid already, of whatever kind it is.</summary>
    public IEnumerable<Thing> Known(string uuid) =>
        Enum.GetValues<NameKind>().Select(kind => _known.GetValueOrDefault((kind, uuid))).OfType<Thing>();

    // Of what a history may name there may be very much.
    static string? Short(string? text) => text is null ? null : ForeignText.Shortened(text, LongestName);
}
