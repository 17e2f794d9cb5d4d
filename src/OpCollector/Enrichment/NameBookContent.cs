using System.Text.Json.Serialization;

namespace OpCollector.Enrichment;

/// <summary>How the name book lies on the disk.</summary>
/// <param name="Members">Who is in a group, by its uuid; null where no watch list follows one.</param>
internal sealed record NameBookContent(int Format, string Source, NameList Users, NameList Groups, NameList Vaults, IReadOnlyDictionary<string, NameList>? Members = null)
{
    public const int CurrentFormat = 1;

    [JsonIgnore]
    public IEnumerable<NameList> Lists => [Users, Groups, Vaults, .. Members?.Values ?? []];
}
