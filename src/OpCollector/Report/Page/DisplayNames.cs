using OpCollector.Names;

namespace OpCollector.Report.Page;

/// <summary>What people, groups and vaults are called: by the names that are known, else as events say.</summary>
/// <param name="active">The people who did something, with what their events call them.</param>
internal sealed class DisplayNames(NameBook names, Ranking active)
{
    readonly Dictionary<string, string> _names = names.All
        .Where(each => each.Entity.Name is { Length: > 0 })
        .GroupBy(each => each.Entity.Uuid, StringComparer.OrdinalIgnoreCase)
        .ToDictionary(each => each.Key, each => each.First().Entity.Name!, StringComparer.OrdinalIgnoreCase);

    /// <param name="said">What the event at hand calls it; null where it says no name.</param>
    public string NameOf(string uuid, string? said = null) => _names.GetValueOrDefault(uuid) ?? said ?? active.Find(uuid)?.Name ?? uuid;
}
