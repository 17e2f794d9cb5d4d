using System.Reflection;
using OpCollector.Tests.Support;
using Xunit.v3;

[assembly: CollectionBehavior(typeof(Speed))]
[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace OpCollector.Tests.Support;

/// <summary>
/// Gives each class of specs, which is a collection of its own, the trait <c>speed</c>: slow when it runs the shipped program in a
/// sandbox or says that it is <see cref="Slow"/>, law when it reads the sources as the compiler binds them, else fast.
/// <c>dotnet test --filter speed=fast</c> is the loop while one writes, <c>speed=law</c> is for before a push.
/// </summary>
public sealed class Speed(IXunitTestAssembly assembly) : TestCollectionFactoryBase(assembly)
{
    public override string DisplayName => "one for each class, by speed";

    /// <summary>Specs of the fast loop must not depend on a program that only the slow one makes.</summary>
    public static void MustBeSlow()
    {
        if (TestContext.Current.TestCollection?.Traits.TryGetValue(Fast.Trait, out var speed) == true && speed.Contains(Fast.Name))
        {
            throw new InvalidOperationException(
                "This spec runs a program that was published: its class needs a Sandbox as a field, or [Slow].");
        }
    }

    protected override IXunitTestCollection GetDefaultTestCollection(Type testClass)
    {
        ArgumentNullException.ThrowIfNull(testClass);
        var definition = IsLong(testClass) ? typeof(Longest)
            : HasSandbox(testClass) ? typeof(SlowOnes)
            : IsLaw(testClass) ? typeof(Law)
            : typeof(Fast);
        return new XunitTestCollection(
            TestAssembly, definition, disableParallelization: false, $"Test collection for {testClass.FullName}");
    }

    static bool IsLong(Type testClass) => testClass.IsDefined(typeof(SlowAttribute), inherit: true);

    static bool HasSandbox(Type testClass) =>
        testClass.GetFields(BindingFlags.Instance | BindingFlags.NonPublic).Any(field => field.FieldType == typeof(Sandbox));

    static bool IsLaw(Type testClass) =>
        testClass.GetFields(BindingFlags.Static | BindingFlags.NonPublic).Any(field => field.FieldType == typeof(SourceModel));
}

/// <summary>Specs that take their time, by what they do or by what they wait for: they begin first.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class SlowAttribute : Attribute;

/// <summary>What the fast specs have in common.</summary>
[Trait(Trait, Name)]
public sealed class Fast
{
    public const string Trait = "speed";

    public const string Name = "fast";
}

/// <summary>What the specs have in common that hold the rules of the house: they bind all sources first, which takes seconds.</summary>
[Trait(Fast.Trait, Name)]
public sealed class Law
{
    public const string Name = "law";
}

/// <summary>What the specs have in common that say themselves that they take their time.</summary>
[Trait(Fast.Trait, SlowOnes.Name)]
public sealed class Longest;

/// <summary>What the slow specs have in common.</summary>
[Trait(Fast.Trait, Name)]
public sealed class SlowOnes
{
    public const string Name = "slow";
}
