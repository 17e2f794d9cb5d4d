using OpCollector.Sources;

namespace OpCollector.Names;

/// <summary>One of the lists of names, and what is known of its reading. Times are those of this host.</summary>
/// <param name="Missing">The uuids that were looked up and not found: of deleted users, of vaults that we may not see.</param>
/// <param name="Read">When it was read last; null when it never was.</param>
/// <param name="Tried">When it was tried to be read last.</param>
internal sealed record NameList(
    IReadOnlyList<NamedEntity> Names,
    IReadOnlyDictionary<string, DateTimeOffset> Missing,
    DateTimeOffset? Read = null,
    DateTimeOffset? Tried = null)
{
    // Deleted users and hidden vaults are hundreds; what is more would only make the file grow.
    const int MostMissing = 5000;

    // The names of what is gone, the last ones of very many.
    const int MostGone = 10_000;

    // What happened so shortly before a list was read may have been missed by it; clocks differ.
    static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);

    public static readonly NameList Empty = new([], new Dictionary<string, DateTimeOffset>());

    public bool IsOlderThan(TimeSpan age, DateTimeOffset now) => !IsWithin(Tried, age, now);

    /// <summary>Whether a uuid was looked up lately and not found.</summary>
    public bool IsMissing(string uuid, TimeSpan refreshAfter, DateTimeOffset now) =>
        Missing.TryGetValue(uuid, out var missed) && IsWithin(missed, refreshAfter, now);

    /// <summary>
    /// Whether reading it may bring the name of a uuid: not if reading failed lately, nor if the uuid was looked up and not found.
    /// </summary>
    /// <param name="seen">When the event that has the uuid happened; null where that is not known.</param>
    /// <param name="isFresh">Whether the list was read in this very run: then it has all that was there before.</param>
    public bool MayBring(string uuid, DateTimeOffset? seen, bool isFresh, TimeSpan refreshAfter, DateTimeOffset now) =>
        Tried == Read && !IsMissing(uuid, refreshAfter, now) && !(isFresh && seen < Read?.Minus(Margin));

    /// <summary>Before it is read: a run that ends meanwhile must not make the next one try again at once.</summary>
    public NameList Trying(DateTimeOffset now) => this with { Tried = now };

    /// <summary>After it was read: what is new in it, and what is no longer there.</summary>
    public NameList With(IReadOnlyList<NamedEntity> names)
    {
        var present = names.Select(each => each.Uuid).ToHashSet();
        return this with
        {
            Read = Tried,
            Names =
            [
                .. names,
                .. Names.Where(each => !present.Contains(each.Uuid))
                    .Select(each => each with { Gone = each.Gone ?? Tried })
                    .OrderByDescending(each => each.Gone)
                    .Take(MostGone)
            ],
            Missing = Missing.Where(missing => !present.Contains(missing.Key)).ToDictionary(),
        };
    }

    /// <summary>The list after a look-up that found nothing; old look-ups are forgotten, and of very many the oldest.</summary>
    public NameList WithMissing(IReadOnlyCollection<string> uuids, TimeSpan refreshAfter, DateTimeOffset now)
    {
        // Copied whole and changed then: with each page again, one after the other would take a tenth of the page's time.
        var missing = new Dictionary<string, DateTimeOffset>(Missing);
        foreach (var uuid in uuids)
        {
            missing[uuid] = now;
        }

        foreach (var (uuid, _) in missing.Where(each => !IsWithin(each.Value, refreshAfter, now)).ToList())
        {
            missing.Remove(uuid);
        }

        return this with
        {
            Missing = missing.Count <= MostMissing ? missing : missing.OrderBy(each => each.Value).TakeLast(MostMissing).ToDictionary(),
        };
    }

    // A time that is still to come was written by a clock that was wrong.
    static bool IsWithin(DateTimeOffset? time, TimeSpan age, DateTimeOffset now) => time <= now && now - time < age;
}

/// <summary>A user, a group or a vault, and how it is called. This is all that is kept of it.</summary>
/// <param name="Gone">When a list no longer showed it; null while it is there. Its name is kept: old events are about it.</param>
internal sealed record NamedEntity(string Uuid, string? Name = null, string? Email = null, DateTimeOffset? Gone = null)
{
    public static NamedEntity From(ListedEntity listed) => new(listed.Uuid, listed.Name, listed.Email);
}
