using System.Text;
using OpCollector.Cli.Hosting;
using OpCollector.Delivery;
using OpCollector.Delivery.Forms;
using OpCollector.Delivery.Webhook;
using OpCollector.Events;
using Serilog.Core;

namespace OpCollector.Tests;

/// <summary>Routes (<c>sink.routes</c>): what one says is laid over what the sink says, and what goes by which.</summary>
public sealed class RouteSettingsSpecs : IDisposable
{
    const string Source = """{"source":{"type":"op","op":{"account":"acme","password":{"env":"P"}}},""";

    const string Webhook = """
        "type": "webhook", "url": "https://siem.example/all", "headers": { "X-A": "1", "X-B": "2" }, "add": { "tenant": "acme", "log": "all" },
        "auth": { "bearer": { "env": "T" } }, "timeout": "5s", "limits": { "events": 7 },
        """;

    readonly TestConfiguration _written = new();

    public void Dispose() => _written.Dispose();

    [Fact]
    public void A_route_says_what_differs_and_leaves_the_rest_to_the_sink()
    {
        var audit = Load($$""" {{Webhook}} "routes": { "audit": { "url": "https://siem.example/audit", "format": "ndjson", "headers": { "X-B": "3" }, "add": { "log": "audit" } } } """)
            .Routes["audit"];

        audit.Webhook().Url.Reveal().Should().Be(new Uri("https://siem.example/audit"));
        audit.Webhook().Format.Name.Should().Be("ndjson");
        audit.Webhook().Auth!.Kind.Should().Be("bearer");
        audit.Webhook().Timeout.Should().Be(TimeSpan.FromSeconds(5));
        audit.Webhook().Limits.Events.Should().Be(7);
        audit.Webhook().Headers.Select(header => $"{header.Name}: {header.Value.Reveal()}").Should().BeEquivalentTo("X-A: 1", "X-B: 3");
        audit.Form.Add.Json.Should().Be("""{"log": "audit", "tenant": "acme"}""");
    }

    [Fact]
    public void What_proves_who_we_are_takes_the_place_of_the_sinks_as_a_whole() =>
        Load($$""" {{Webhook}} "routes": { "findings": { "auth": { "basic": { "user": "u", "password": { "env": "P" } } } } } """)
            .Routes["findings"].Webhook().Auth!.Kind.Should().Be("basic");

    [Fact]
    public void Another_format_does_not_mind_what_the_sinks_format_has_of_its_own() =>
        Load("""
            "type": "webhook", "url": "https://s.example/services/collector/event", "format": "splunk-hec", "splunk-hec": { "index": "a" },
            "routes": { "audit": { "splunk-hec": { "sourcetype": "t" } }, "findings": { "url": "https://s.example/x", "format": "single" } }
            """)
            .Routes["audit"].Webhook().Format.Hec.Should().BeEquivalentTo(new { Index = "a", Sourcetype = "t" });

    [Theory]
    [InlineData("""{"audits":{}}""", "sink.routes.audits: ", "unknown|audit, signin, itemusage, findings")]
    [InlineData("""{"audit":{"type":"file"}}""", "sink.routes.audit.type: ", "unknown|url")]
    [InlineData("""{"audit":{"routes":{}}}""", "sink.routes.audit.routes: ", "unknown")]
    [InlineData("""{"audit":{"drop":["x"]}}""", "sink.routes.audit.drop: ", "unknown")]
    [InlineData("""{"audit":{"only":"events"}}""", "sink.routes.audit.only: ", "unknown|findings")]
    [InlineData("""{"audit":{"only":"findings"},"findings":{}}""", "sink.routes.audit.only: ", "leaves nothing|sink.routes.findings")]
    [InlineData("""{"audit":{"path":"x"}}""", "sink.routes.audit.path: ", "unknown")]
    [InlineData("""{"audit":{"url":"http://siem.example/x"}}""", "sink.routes.audit.url: ", "https://")]
    [InlineData("""{"audit":{"headers":{"X Y":"x"}}}""", "sink.routes.audit.headers.X Y: ", "header")]
    [InlineData("""{"audit":{"splunk-hec":{}}}""", "sink.routes.audit.splunk-hec: ", "unknown")]
    [InlineData("""{"audit":{"event":"{x}"}}""", "sink.routes.audit.event: ", "{x}")]
    [InlineData("""{"audit":[]}""", "sink.routes.audit: ", "object")]
    [InlineData("[]", "sink.routes: ", "object")]
    public void What_is_wrong_with_a_route_is_named_with_its_place(string routes, string place, string words) =>
        _written.ComplaintOf(() => Load($"\"type\":\"webhook\",\"url\":\"https://siem.example/\",\"routes\":{routes}"))
            .Should().StartWith($"1: {place}").And.ContainAll(words.Split('|'));

    [Theory]
    [InlineData(""" "type": "file", "path": "x", "routes": { "audit": { "url": "https://siem.example/" } } """, "sink.routes.audit.url: ")]
    [InlineData(""" "type": "stdout", "routes": { "audit": {} } """, "sink.routes: ")]
    public void A_route_has_the_type_of_its_sink(string sink, string place) =>
        _written.ComplaintOf(() => Load(sink)).Should().StartWith($"1: {place}").And.Contain("unknown");

    [Theory]
    [InlineData(""" "routes": { "signin": { "only": "findings" } } """, "signin")]
    [InlineData(""" "routes": { "audit": { "only": "findings" }, "itemusage": { "only": "findings" } } """, "audit itemusage")]
    [InlineData(""" "only": "findings", "routes": { "signin": {} } """, "audit signin itemusage")]
    [InlineData(""" "routes": { "signin": {}, "findings": { "only": "findings" } } """, "")]
    public void The_events_of_a_route_that_wants_findings_alone_stay_behind(string sink, string streams) =>
        string.Join(' ', Load(Webhook + sink).LeftBehind).Should().Be(streams);

    [Fact]
    public void Each_kind_goes_its_way_and_events_go_first()
    {
        var routes = Of("audit", "findings");
        var page = new Batch("audit", [Event(1), Finding("f-1"), Event(2)]);

        Shown(routes.Split(page)).Should().Be("audit: 1 2; findings: f-1");
        Shown(routes.Split(page with { Stream = "signin" })).Should().Be(": 1 2; findings: f-1");
        Shown(Of("audit").Split(page)).Should().Be("audit: 1 f-1 2");
        Shown(Of("signin").Split(page)).Should().Be(": 1 f-1 2");
        Shown(routes.Split(page with { Events = [Finding("f-1")] })).Should().Be("findings: f-1");
    }

    [Fact]
    public void A_route_has_to_prove_itself_alone()
    {
        string Fingerprint(string routes) => With(Load($"{Webhook}\"routes\":{routes}"), "audit");
        var same = Fingerprint("""{"audit":{}}""");

        same.Should().NotBe(With(Load(Webhook.Trim().TrimEnd(',')), ""));
        Fingerprint("""{"audit":{"url":"https://siem.example/x"}}""").Should().NotBe(same);
        Fingerprint("""{"audit":{"event":"{event:text}"}}""").Should().NotBe(same);
        Fingerprint("""{"audit":{"timeout":"9s"}}""").Should().Be(same);
    }

    SinkSettings Load(string sink)
    {
        _written.Environment["T"] = "t0ken-of-the-siem";
        return _written.LoadText($"{Source}\"sink\":{{{sink}}}}}").Sink;
    }

    static string With(SinkSettings settings, string name)
    {
        var chosen = name.Length == 0 ? settings : settings.Routes[name];
        using var route = new Route(
            name, new WebhookSink(chosen.Webhook(), TimeProvider.System, Logger.None), chosen.Form);
        return route.Fingerprint!;
    }

    static Routes Of(params string[] names) =>
        new(To(Route.Usual), ["audit", "signin"], [.. names.Select(To)]);

    static Route To(string name) => new(name, new FileSink($"/tmp/{name}"), SentForm.AsTheyAre);

    static string Shown(IEnumerable<(Route Route, Batch Batch)> parts) =>
        string.Join("; ", parts.Select(part => $"{part.Route.Name}: {string.Join(' ', part.Batch.Events.Select(each => each.Id))}"));

    static ActivityEvent Event(long eid) => new(eid, null, Encoding.UTF8.GetBytes($"{{\"eid\":{eid}}}"));

    static ActivityEvent Finding(string id) =>
        new(0, null, Encoding.UTF8.GetBytes($"{{\"id\":\"{id}\"}}")) { Id = id, Headline = new Headline("high", "x") };
}
