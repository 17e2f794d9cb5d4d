using System.Globalization;
using OpCollector.Sources;

namespace OpCollector.Tests;

/// <summary>What a run needs does not grow with the backlog.</summary>
public sealed class MemorySpecs : IDisposable
{
    readonly Sandbox _host = new();
    readonly Receiver _receiver = new();

    public void Dispose()
    {
        _receiver.Dispose();
        _host.Dispose();
    }

    [Fact]
    public async Task A_long_walk_back_stays_below_80_megabytes_and_loses_nothing()
    {
        const int Events = 50_000;
        _host.To(_receiver).Configuration["source"]!["op"]!["path"] = CheapOp.Write(_host, Events);
        var peak = 0L;
        using var run = _host.Start("collect");
        _receiver.Otherwise = Receiver.Answer.Of(200).After(_ =>
        {
            peak = Peak(run.Id);
            return Task.CompletedTask;
        });

        var end = await run.ToEndAsync();

        end.ExitCode.Should().Be(0);
        _receiver.Accepted.Should().Equal(Enumerable.Range(1, Events).Select(eid => (long)eid));
        peak.Should().BeLessThan(80 * 1024);
    }

    /// <summary>The most memory a process has had so far, in kilobytes.</summary>
    static long Peak(int pid) => File.ReadLines($"/proc/{pid}/status")
        .Where(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))
        .Select(line => long.Parse(line[6..^2].AsSpan().Trim(), CultureInfo.InvariantCulture))
        .Single();
}
