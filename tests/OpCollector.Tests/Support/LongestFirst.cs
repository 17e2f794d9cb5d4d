using Xunit.Sdk;
using Xunit.v3;

namespace OpCollector.Tests.Support;

/// <summary>Begins with the classes that take long, so that none of them is left to run alone in the end.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : notnull, ITestCollection =>
        [.. testCollections.OrderBy(Place)];

    static int Place<TTestCollection>(TTestCollection collection)
        where TTestCollection : notnull, ITestCollection => collection switch
        {
            IXunitTestCollection { CollectionDefinition: { } definition } when definition == typeof(Longest) => 0,
            IXunitTestCollection { CollectionDefinition: { } definition } when definition == typeof(SlowOnes) => 1,
            _ => 2,
        };
}
