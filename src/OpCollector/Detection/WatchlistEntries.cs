using OpCollector.Names;

namespace OpCollector.Detection;

/// <summary>The watch lists as the configuration has them: their entries are still to be looked up in names.</summary>
/// <param name="Lists">What is written in each list, by its name.</param>
/// <param name="EventsSayAddresses">As <see cref="Watchlists.EventsSayAddresses"/>.</param>
internal sealed record WatchlistEntries(IReadOnlyDictionary<string, IReadOnlyList<string>> Lists, bool EventsSayAddresses)
{
    public static readonly WatchlistEntries None = new(DetectionSettings.Default.Lists, EventsSayAddresses: false);

    /// <summary>The lists with the names of their entries turned into uuids.</summary>
    public Watchlists LookUp(NameBook names) => new(
        Lists,
        [.. names.All.Select(each => new KnownName(each.Kind, each.Entity.Uuid, each.Entity.Name ?? "", each.Entity.Email))])
    {
        Members = names.Members.Where(each => each.Value.Read is not null).ToDictionary(
            each => each.Key, IReadOnlyList<string> (each) => [.. each.Value.Names.Select(member => member.Uuid)]),
        EventsSayAddresses = EventsSayAddresses,
    };
}
