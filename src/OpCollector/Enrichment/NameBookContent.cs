namespace OpCollector.Enrichment;

/// <summary>How the name book lies on the disk.</summary>
internal sealed record NameBookContent(int Format, string Source, NameList Users, NameList Groups, NameList Vaults)
{
    public const int CurrentFormat = 1;
}
