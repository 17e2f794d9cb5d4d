namespace OpCollector.Tests.Support;

/// <summary>Specs that measure what the whole process allocates: they run one after the other when all others are done.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
[Trait(Fast.Trait, SlowOnes.Name)]
public sealed class Alone
{
    public const string Name = "alone";
}
