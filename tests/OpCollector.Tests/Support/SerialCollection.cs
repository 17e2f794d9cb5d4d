namespace OpCollector.Tests.Support;

/// <summary>
/// Specs that measure or change what the whole process has in common: they run one after the other when all others are done. Each says its
/// speed itself.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class SerialCollection
{
    public const string Name = "alone";
}
