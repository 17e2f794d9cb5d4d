using System.Collections.Concurrent;
using System.Reflection;
using OpCollector.Tests.Support;
using Xunit.v3;

[assembly: EveryTestEnds]

namespace OpCollector.Tests.Support;

/// <summary>
/// A test that waits for what never comes ends by its name, not with the patience of whoever looks on: first it is cancelled, and if that
/// does not end it, the whole run is given up. What somebody has asked to take long, by a variable, may take long.
/// </summary>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class EveryTestEndsAttribute : BeforeAfterTestAttribute
{
    static readonly bool IsLongRun = Environment.GetEnvironmentVariables().Keys.Cast<string>()
        .Any(name => name.StartsWith("OPCOLLECTOR_", StringComparison.Ordinal));

    // What is cancelled cleans up behind itself.
    static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);

    readonly ConcurrentDictionary<IXunitTest, Timer> _limits = [];

    /// <summary>Much longer than the longest test takes on a busy machine.</summary>
    internal TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(10);

    public override void Before(MethodInfo methodUnderTest, IXunitTest test)
    {
        if (!IsLongRun)
        {
            var context = TestContext.Current;
            _limits[test] = new Timer(_ => End(test, context), null, Patience, Grace);
        }
    }

    public override void After(MethodInfo methodUnderTest, IXunitTest test)
    {
        if (_limits.TryRemove(test, out var limit))
        {
            limit.Dispose();
        }
    }

    void End(IXunitTest test, ITestContext context)
    {
        if (context.CancellationToken.IsCancellationRequested)
        {
            Environment.FailFast($"{test.TestDisplayName} has not ended within {Patience}, nor when it was cancelled.");
        }

        context.CancelCurrentTest();
    }
}
