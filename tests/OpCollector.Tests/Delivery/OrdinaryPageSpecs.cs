using System.Text.Json.Nodes;
using EventsApiEmulator;
using SiemEmulator;

namespace OpCollector.Tests;

/// <summary>A receiver's latency counts once a page: the usual limits let an ordinary one leave in one request.</summary>
public sealed class OrdinaryPageSpecs : IDisposable
{
    const string Rule = """
        title: Every tenth use of an item
        id: 2b6f0f0e-5f3c-4d0c-9a57-0d7c8b1b7a10
        status: test
        level: medium
        logsource:
            product: 1password
            service: itemusage
        detection:
            selection:
                used_version|endswith: '7'
            condition: selection
        """;

    readonly Sandbox _host = new();

    public void Dispose() => _host.Dispose();

    [Theory]
    [InlineData("json")]
    [InlineData("ndjson")]
    [InlineData("splunk-hec")]
    [InlineData("elasticsearch")]
    public async Task A_page_of_a_thousand_events_with_findings_leaves_in_one_request(string format)
    {
        using var api = new EventsApi();
        using var siem = new Siem(RefusingReceivers.Receiver(format));
        _host.From(api, "itemusage").Knowing(siem, format);
        var rules = Path.Combine(_host.Root, "tenth.yml");
        await File.WriteAllTextAsync(rules, Rule);
        _host.Configuration["detection"] = new JsonObject { ["rules"] = new JsonArray(rules) };
        var uuids = api.AddMany("itemusages", 1000, DateTimeOffset.UtcNow.AddMinutes(-1), TimeSpan.FromMilliseconds(1));

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(0, run.Stderr);
        siem.Accepted.Should().Contain(uuids).And.HaveCountGreaterThanOrEqualTo(1100);
        siem.Requests.Should().ContainSingle();
    }
}
