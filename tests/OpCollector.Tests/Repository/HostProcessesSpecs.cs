using System.Diagnostics;

namespace OpCollector.Tests;

/// <summary>What a test leaves behind is found when all tests are done.</summary>
[Slow]
public sealed class HostProcessesSpecs
{
    [Fact]
    public void A_process_that_a_test_has_started_is_known_until_it_ends()
    {
        using var left = Process.Start("/bin/sleep", ["60"]);

        HostProcesses.Left().Should().Contain($"{left.Id} /bin/sleep 60 ");
        left.Kill();
        left.WaitForExit();

        HostProcesses.Left().Should().NotContain(each => each.StartsWith($"{left.Id} ", StringComparison.Ordinal));
    }
}
