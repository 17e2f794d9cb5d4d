using System.Globalization;
using System.Text.Json.Nodes;

namespace OpCollector.Tests;

/// <summary>All rules over a day of the worst kind: what they need has a bound that the runtime itself holds.</summary>
[Slow]
public sealed class HeapSpecs : IDisposable
{
    // 192 MiB, as .NET reads it: in hexadecimal digits.
    const string MostHeap = "C000000";

    static readonly DateTimeOffset Began = new(2026, 11, 1, 10, 0, 0, TimeSpan.Zero);

    readonly Sandbox _host = new();

    public void Dispose() => _host.Dispose();

    [Theory]
    [InlineData("a password spraying of 120,000 attempts in 20 hours", "USER", 120_000)]
    [InlineData("40,000 item usages of 1,000 people in a day", "ITEM", 40_000)]
    public async Task All_rules_look_at_it_within_192_MiB(string what, string kind, int events)
    {
        var file = Path.Combine(_host.Home, "events.ndjson");
        await File.WriteAllLinesAsync(
            file,
            Enumerable.Range(0, events).Select(at => kind == "USER" ? FailedSignIn(at) : Usage(at)),
            TestContext.Current.CancellationToken);
        _host.Configuration["detection"] = new JsonObject { ["level"] = "informational" };
        _host.Environment["DOTNET_GCHeapHardLimit"] = MostHeap;

        var run = await _host.RunAsync("detect", "--verbose", file);

        run.ExitCode.Should().Be(0, "{0}: {1}", what, run.Stderr);
        run.Stderr.Should().Contain(string.Create(CultureInfo.InvariantCulture, $"findings in {events} events"));
    }

    [Fact]
    public async Task A_limit_that_is_too_low_would_be_noticed()
    {
        _host.Environment["DOTNET_GCHeapHardLimit"] = "100000";

        (await _host.RunAsync("detect", "--help")).ExitCode.Should().NotBe(0);
    }

    static string FailedSignIn(int at) =>
        $$$"""{"uuid":"{{{at:00000000000000000000000000}}}","timestamp":"{{{Began.AddMilliseconds(600 * at):O}}}","category":"credentials_failed","target_user":{"uuid":"USER{{{at % 997:0000000000}}}"},"client":{"ip_address":"10.{{{at % 601 / 256}}}.{{{at % 601 % 256}}}.7"}}""";

    static string Usage(int at) =>
        $$$"""{"uuid":"{{{at:00000000000000000000000000}}}","timestamp":"{{{Began.AddMilliseconds(2160 * at):O}}}","item_uuid":"ITEM{{{at * 7 % 5000}}}","vault_uuid":"VAULT{{{at * 13 % 211}}}","user":{"uuid":"USER{{{at % 1000}}}"},"action":"{{{(at % 3 == 0 ? "secure-copy" : "reveal")}}}","client":{"app_name":"1Password Browser Extension","ip_address":"203.0.113.{{{at % 250}}}"},"location":{"country":"NL"}}""";
}
