namespace OpCollector.Tests;

/// <summary>
/// An address that cannot be one of its format is told with its place, by a check and by a run, before anything is sent there.
/// </summary>
public sealed class SinkAddressSpecs : IDisposable
{
    readonly Sandbox _host = new();
    readonly Receiver _receiver = new();

    public void Dispose()
    {
        _receiver.Dispose();
        _host.Dispose();
    }

    [Theory]
    [InlineData("splunk-hec", "/services/collector/raw", "/raw")]
    [InlineData("splunk-hec", "/services/collector/raw/1.0?channel=1", "/raw")]
    [InlineData("splunk-hec", "/api/v1/ingest/hec/raw/", "/raw")]
    [InlineData("splunk-hec", "/services/collector/health", "/health")]
    [InlineData("elasticsearch", "/", "_bulk")]
    [InlineData("elasticsearch", "/logs-onepassword/_doc", "_bulk")]
    [InlineData("opensearch", "/onepassword", "_bulk")]
    [InlineData("opensearch", "/onepassword/_bulky", "_bulk")]
    [InlineData("json", "/onepassword/_bulk", "elasticsearch")]
    [InlineData("ndjson", "/_bulk?pipeline=x", "opensearch")]
    [InlineData("single", "/services/collector/event", "splunk-hec")]
    [InlineData("json", "/services/collector", "splunk-hec")]
    public async Task It_is_told_and_nothing_is_sent(string format, string path, string words)
    {
        _host.Account.Log(3);
        var address = _receiver.Url.Replace("/hook", path, StringComparison.Ordinal);
        _host.To(_receiver).Configuration["sink"]!["format"] = format;
        _host.Configuration["sink"]!["url"] = address;
        var plain = await _host.CollectAsync();
        var check = await _host.RunAsync("check");
        _host.Environment["ADDRESS"] = address;
        _host.Configuration["sink"]!["url"] = new System.Text.Json.Nodes.JsonObject { ["env"] = "ADDRESS" };

        var secret = await _host.CollectAsync();

        foreach (var run in new[] { plain, secret })
        {
            run.ExitCode.Should().Be(78, run.Stderr);
            run.LastWords.Should().Contain(words).And.Contain("sink.url").And.Contain("opcollector.json:");
        }

        check.ExitCode.Should().Be(78);
        (check.Stdout + check.Stderr).Should().Contain(words);
        _receiver.Requests.Should().BeEmpty();
    }

    [Theory]
    [InlineData("splunk-hec", "/api/v1/ingest/hec")]
    [InlineData("splunk-hec", "/services/collector")]
    [InlineData("splunk-hec", "/hook")]
    [InlineData("elasticsearch", "/prefix/index/_bulk?filter_path=errors,items.*._id")]
    [InlineData("opensearch", "/_bulk/")]
    [InlineData("ndjson", "/services/collector/raw")]
    public async Task What_may_be_one_is_asked(string format, string path)
    {
        _host.Account.Log(3);
        _receiver.Otherwise = Receiver.Answer.Of(404, "nothing here");
        _host.To(_receiver).Configuration["sink"]!["format"] = format;
        _host.Configuration["sink"]!["url"] = _receiver.Url.Replace("/hook", path, StringComparison.Ordinal);

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(78, run.Stderr);
        run.LastWords.Should().Contain("nothing here");
        _receiver.Requests.Should().ContainSingle();
    }
}
