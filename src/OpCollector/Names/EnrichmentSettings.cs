using OpCollector.Configuration;

namespace OpCollector.Names;

/// <summary>How events get their names: <c>enrichment</c>.</summary>
/// <param name="RefreshAfter">How old the lists of names may become.</param>
/// <param name="Lists">The paths of files with names that op does not give.</param>
internal sealed record EnrichmentSettings(TimeSpan RefreshAfter, IReadOnlyList<ConfigurationMember> Lists)
{
    static readonly TimeSpan UsualAge = TimeSpan.FromHours(6);

    public static EnrichmentSettings Read(ConfigurationMember? enrichment)
    {
        var settings = new EnrichmentSettings(
            enrichment?.Find("refreshAfter")?.AsDuration() ?? UsualAge,
            enrichment?.Find("lists")?.AsTexts() ?? []);
        enrichment?.RefuseOthers();
        return settings;
    }
}
