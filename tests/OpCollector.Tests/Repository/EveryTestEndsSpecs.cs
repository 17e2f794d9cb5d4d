using System.Reflection;
using Xunit.v3;

namespace OpCollector.Tests;

/// <summary>A test that waits for ever does not hold up the others.</summary>
public sealed class EveryTestEndsSpecs
{
    [Fact]
    public async Task A_test_that_waits_for_ever_is_cancelled()
    {
        var (method, test) = ((MethodInfo)MethodBase.GetCurrentMethod()!, (IXunitTest)TestContext.Current.Test!);
        var ends = new EveryTestEndsAttribute { Patience = TimeSpan.FromMilliseconds(20) };
        ends.Before(method, test);

        var wait = () => Task.Delay(Timeout.Infinite, TestContext.Current.CancellationToken);

        await wait.Should().ThrowAsync<OperationCanceledException>();
        ends.After(method, test);
    }
}
