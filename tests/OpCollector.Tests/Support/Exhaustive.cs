namespace OpCollector.Tests.Support;

/// <summary>Tests that take every processor there is: they run after the others, whose patience they would try.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
[Trait(Fast.Trait, SlowOnes.Name)]
public sealed class Exhaustive
{
    public const string Name = "exhaustive";
}
