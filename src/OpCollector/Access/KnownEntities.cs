using OpCollector.Events;

namespace OpCollector.Access;

/// <summary>Every person, group and vault that a history names, each of them once.</summary>
internal sealed class KnownEntities
{
    // 1Password's have 26 characters.
    const int LongestUuid = 128;
    const int LongestName = 100;

    readonly Dictionary<(NameKind Kind, string Uuid), Entity> _known = [];

    public IEnumerable<Entity> All => _known.Values;

    /// <summary>How much memory they take, about.</summary>
    public long Bytes { get; private set; }

    /// <summary>Whether no more of them are taken in from events.</summary>
    public bool IsClosed { get; set; }

    /// <summary>The thing that a uuid names; null where the text is not a uuid.</summary>
    public Entity? FindOrAdd(NameKind kind, string? uuid)
    {
        if (string.IsNullOrEmpty(uuid) || uuid.Length > LongestUuid)
        {
            return null;
        }

        if (!_known.TryGetValue((kind, uuid), out var entity))
        {
            entity = _known[(kind, uuid)] = new Entity(kind, uuid);
            Bytes += entity.Bytes;
        }

        return entity;
    }

    /// <summary>The name of a thing, with its kind and uuid.</summary>
    public Entity? FindOrAdd(NameKind kind, string? uuid, string? name, string? email = null)
    {
        var entity = FindOrAdd(kind, uuid);
        if (entity is not null)
        {
            AddName(entity, name, email);
        }

        return entity;
    }

    /// <summary>The thing that an event names; null where it names nothing, or something unknown when the table is full.</summary>
    public Entity? Admit(NameKind kind, string? uuid, string? name, string? email) =>
        IsClosed && (uuid is null || !_known.ContainsKey((kind, uuid))) ? null : FindOrAdd(kind, uuid, name, email);

    /// <summary>Who did something: known to the change alone where no more are taken in.</summary>
    public Entity? Actor(string? uuid, string? name, string? email)
    {
        if (Admit(NameKind.User, uuid, name, email) is { } known)
        {
            return known;
        }

        if (!IsClosed || string.IsNullOrEmpty(uuid) || uuid.Length > LongestUuid)
        {
            return null;
        }

        var stranger = new Entity(NameKind.User, uuid);
        stranger.AddName(Short(name), Short(email));
        return stranger;
    }

    /// <summary>Takes over what something is called.</summary>
    public void AddName(Entity entity, string? name, string? email)
    {
        Bytes -= entity.Bytes;
        entity.AddName(Short(name), Short(email));
        Bytes += entity.Bytes;
    }

    /// <summary>What is known under a uuid already, of whatever kind it is.</summary>
    public IEnumerable<Entity> Known(string uuid) =>
        Enum.GetValues<NameKind>().Select(kind => _known.GetValueOrDefault((kind, uuid))).OfType<Entity>();

    // Of what a history may name there may be very much.
    static string? Short(string? text) => text is null ? null : ForeignText.Shortened(text, LongestName);
}
