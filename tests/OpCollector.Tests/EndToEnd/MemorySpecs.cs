using System.Globalization;
using System.Text.Json.Nodes;
using EventsApiEmulator;
using OpCollector.Sources;

namespace OpCollector.Tests;

/// <summary>What a run needs does not grow with the backlog, and is little where there is none.</summary>
[Collection(SerialCollection.Name)]
[Trait(Fast.Trait, SlowOnes.Name)]
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
        _host.Account.With("newer", "newest100").With("generate", new JsonObject { ["count"] = Events, ["first"] = 1, ["step"] = 1 });
        _host.To(_receiver);
        var peak = 0L;
        using var run = _host.Start("collect");
        _receiver.Otherwise = Receiver.Answer.Of(200).After(_ =>
        {
            peak = Peak(run.Id);
            return Task.CompletedTask;
        });

        var end = await run.ToEndAsync();

        end.ExitCode.Should().Be(0);
        Eids().Should().Equal(Enumerable.Range(1, Events));
        peak.Should().BeLessThan(80 * 1024);
    }

    [Fact]
    public async Task Many_pages_of_a_thousand_events_stay_below_80_megabytes()
    {
        const int Events = 100_000;
        using var api = new EventsApi { KeepsRequests = false };
        api.AddMany("auditevents", Events, DateTimeOffset.UtcNow.AddMinutes(-1), TimeSpan.FromMilliseconds(30));
        _host.From(api, "audit").To(_receiver);
        var peak = 0L;
        using var run = _host.Start("collect");
        _receiver.Otherwise = Receiver.Answer.Of(200).After(_ =>
        {
            peak = Peak(run.Id);
            return Task.CompletedTask;
        });

        var end = await run.ToEndAsync();

        end.ExitCode.Should().Be(0, end.Stderr);
        _receiver.Requests.Should().HaveCountGreaterThanOrEqualTo(Events / 1000);
        peak.Should().BeLessThan(80 * 1024);
    }

    // In its last call of op it has done everything but write down how it went. It needs 29 MB; the kernel maps up to 2 MB of the file
    // beside what is read of it.
    [Fact]
    public async Task A_run_that_finds_nothing_new_stays_at_30_megabytes_and_loads_no_OpenSSL()
    {
        _host.To(_receiver).Account.Log(40);
        await _host.CollectAsync();
        _host.Account.WithFault("""{"command":"signout","do":"wait"}""");

        using var run = _host.Start("collect");
        await Until.ExistsAsync(Path.Combine(_host.Home, "op-waiting"));

        Peak(run.Id).Should().BeLessThan(32 * 1024);
        (await File.ReadAllTextAsync($"/proc/{run.Id}/maps")).Should().Contain(ShippedFiles.OpCollector).And.NotContain("libcrypto");
    }

    // Between the events lie findings, which have no number.
    IEnumerable<int> Eids() => _receiver.Requests.SelectMany(
        request => JsonNode.Parse(request.Body)!.AsArray().Select(each => (int?)each!["eid"]).OfType<int>());

    /// <summary>The most memory a process has had so far, in kilobytes.</summary>
    static long Peak(int pid) => File.ReadLines($"/proc/{pid}/status")
        .Where(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))
        .Select(line => long.Parse(line[6..^2].AsSpan().Trim(), CultureInfo.InvariantCulture))
        .Single();
}
