namespace OpCollector.Report;

/// <summary>The last events that were read, by their ids: a finding that rests on several names the earlier ones by id alone.</summary>
internal sealed class RecentEvents
{
    const int Most = 10_000;

    readonly ShownEvent?[] _ring = new ShownEvent?[Most];
    readonly Dictionary<string, ShownEvent> _byId = new(Most, StringComparer.Ordinal);
    int _next;

    public void Add(ShownEvent each)
    {
        if (_ring[_next] is { } oldest && _byId.TryGetValue(oldest.Id, out var known) && ReferenceEquals(known, oldest))
        {
            _byId.Remove(oldest.Id);
        }

        _ring[_next] = each;
        _byId[each.Id] = each;
        _next = (_next + 1) % Most;
    }

    public ShownEvent? Find(string id) => _byId.GetValueOrDefault(id);
}
