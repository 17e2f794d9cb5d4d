namespace OpCollector.Sources.EventsApi;

/// <summary>
/// What was seen of one day, or of some time. Of nearly every id there is one event, so each has one place; different ones of an id stand
/// beside.
/// </summary>
internal sealed class SeenIds
{
    readonly Dictionary<ulong, ulong> _first;
    readonly HashSet<SeenId> _others = [];

    public SeenIds(ReadOnlySpan<SeenId> ids)
    {
        _first = new Dictionary<ulong, ulong>(ids.Length);
        foreach (var id in ids)
        {
            Add(id);
        }
    }

    public bool Contains(SeenId id) => _first.TryGetValue(id.First, out var second) && (second == id.Second || _others.Contains(id));

    /// <summary>Whether anything of the same id was seen.</summary>
    public bool HasTwin(SeenId id) => _first.ContainsKey(id.First);

    public void Add(SeenId id)
    {
        if (!_first.TryAdd(id.First, id.Second) && !Contains(id))
        {
            _others.Add(id);
        }
    }
}
