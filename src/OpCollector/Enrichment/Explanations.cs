namespace OpCollector.Enrichment;

/// <summary>The members that explain an event.</summary>
[Flags]
internal enum Explanations
{
    None = 0,
    ActorName = 1,
    ActorEmail = 2,
    ObjectName = 4,
    AuxName = 8,
    AuxEmail = 16,
    VaultName = 32,
    Stream = 64,
    Summary = 128,
}
