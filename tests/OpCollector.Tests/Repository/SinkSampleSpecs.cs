using System.Text;
using OpCollector.Cli.Hosting;
using OpCollector.Delivery;
using OpCollector.Events;
using OpCollector.Sources.EventsApi;

namespace OpCollector.Tests;

/// <summary>
/// The samples for receivers begin with the Events API, and what they put on the wire for every kind of item is pinned in <c>Wire</c>;
/// with op in its place, what they put there of op's events is pinned in <c>Wire/op</c>.
/// </summary>
public sealed class SinkSampleSpecs : IDisposable
{
    const string EventsApi =
        """"source": { "type": "events-api", "eventsApi": { "token": { "file": "/etc/opcollector/events-token" } } }"""";

    const string Op =
        """"source": { "type": "op", "op": { "account": "acme", "password": { "file": "/etc/opcollector/password" } } }"""";

    const string First = """{"eid":3196326343,"time":"2026-09-22T07:38:03Z","actorUuid":"QWTEUDQOG5TTFPUSAOVVFFCCJ4","action":"patch"}""";
    const string Second = """{"eid":3196326825,"time":"2026-09-22T07:40:51Z","actorUuid":"QWTEUDQOG5TTFPUSAOVVFFCCJ4","action":"update"}""";

    readonly SinkSample _sample = new();

    public static TheoryData<string> All => [.. SinkSample.All];

    public static TheoryData<string> Webhooks => [.. SinkSample.All.Where(name => !IsBucket(name))];

    public static TheoryData<string> Pinned => [.. Directory
        .EnumerateFiles(ShippedFiles.Source("tests/OpCollector.Tests/Wire/op"))
        .Select(file => Path.GetFileNameWithoutExtension(file))];

    public void Dispose() => _sample.Dispose();

    [Theory]
    [MemberData(nameof(All))]
    public void It_reads_the_Events_API_and_is_read_without_complaint_before_its_secrets_exist(string name)
    {
        var settings = Settings.Load(ShippedFiles.Sample($"sinks/{name}.json"), EnvironmentVariables.None);

        settings.Source.Should().BeOfType<EventsApiSettings>();
        settings.Sink.Should().BeOfType(IsBucket(name) ? typeof(S3SinkSettings) : typeof(WebhookSinkSettings));
        settings.State.Directory.Should().Be("/var/lib/opcollector");
    }

    [Theory]
    [MemberData(nameof(Webhooks))]
    public async Task It_puts_on_the_wire_what_its_receiver_wants_to_see(string name)
    {
        var sent = await _sample.DeliverAsync(SinkSample.Text(name), EventsApiItems.Pages);

        sent.Should().Be(SinkSample.Pinned(name));
    }

    [Theory]
    [MemberData(nameof(Pinned))]
    public async Task With_op_as_the_source_it_puts_on_the_wire_what_its_receiver_wants_to_see(string name)
    {
        var configuration = SinkSample.Text(name).Replace(EventsApi, Op, StringComparison.Ordinal);

        var sent = await _sample.DeliverAsync(configuration, [new Batch(Streams.Audit, [Event(First), Event(Second)])]);

        configuration.Should().Contain("\"type\": \"op\"");
        sent.Should().Be(SinkSample.Pinned($"op/{name}"));
    }

    static bool IsBucket(string name) => SinkSample.Text(name).Contains("\"s3\"", StringComparison.Ordinal);

    static ActivityEvent Event(string text) => ActivityEvent.Read(Encoding.UTF8.GetBytes(text), EventIdentity.Op).Event!;
}
