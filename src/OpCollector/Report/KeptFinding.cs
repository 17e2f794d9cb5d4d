using OpCollector.Detection.Findings;
using OpCollector.Detection.Sigma;

namespace OpCollector.Report;

/// <summary>A finding as a page shows it, without the events themselves that it holds.</summary>
/// <param name="Ids">The ids of the last events that it rests on, each with the event where that was seen a short while before.</param>
/// <param name="Entities">Who and what is in it, by kind, and of each kind the first few.</param>
internal sealed record KeptFinding(
    RuleInfo Rule,
    DateTimeOffset? Time,
    string Summary,
    IReadOnlyList<(string Id, ShownEvent? Event)> Ids,
    int IdsLeftOut,
    IReadOnlyList<(string Kind, IReadOnlyList<KeptEntity> Few, int LeftOut)> Entities)
{
    const int MostIds = 10;
    const int MostOfKind = 5;
    const int LongestText = 400;
    const int LongestName = 100;

    /// <summary>For the order of a list: what has no time comes first.</summary>
    public long Ticks => Time?.UtcTicks ?? 0;

    public static KeptFinding Keep(Finding finding, RecentEvents recent)
    {
        var (ids, entities) = (finding.Evidence.EventIds, finding.Evidence.Entities);
        return new(
            finding.Rule,
            finding.Time,
            ForeignText.Shortened(finding.Summary, LongestText),
            [.. ids.TakeLast(MostIds).Select(id => (Short(id), recent.Find(id)))],
            Math.Max(0, ids.Count - MostIds),
            [
                Few("people", [.. entities.Users.Select(user => new KeptEntity(Short(user.Uuid), NameOf(user)))]),
                .. entities.Others.Where(each => each.Values.Count > 0).Select(each => Few(
                    each.Name, [.. each.Values.Select(value => new KeptEntity(Short(value), null))])),
            ]);
    }

    static (string, IReadOnlyList<KeptEntity>, int) Few(string kind, IReadOnlyList<KeptEntity> all) =>
        (kind, [.. all.Take(MostOfKind)], Math.Max(0, all.Count - MostOfKind));

    static string? NameOf(UserEntity user) => (user.Name ?? user.Email) is { } name ? Short(name) : null;

    static string Short(string text) => ForeignText.Shortened(text, LongestName);
}

/// <summary>Somebody or something in a finding.</summary>
/// <param name="Id">A uuid, or an address of the network.</param>
/// <param name="Said">What its event calls it; null where it says nothing.</param>
internal sealed record KeptEntity(string Id, string? Said);
