using System.Text;
using System.Text.Json.Nodes;
using OpCollector.Cli;
using OpCollector.Configuration;
using OpCollector.Delivery;
using OpCollector.Delivery.Formats;
using OpCollector.Delivery.Webhook;
using OpCollector.Events;
using OpCollector.Storage;
using Serilog.Core;
using Answer = OpCollector.Tests.Support.Receiver.Answer;

namespace OpCollector.Tests;

/// <summary>
/// The samples for receivers that take what op shows: each is read without complaint, and what it puts on the wire is pinned in
/// <c>Wire</c>.
/// </summary>
public sealed class SinkSampleSpecs : IDisposable
{
    const string First = """{"eid":3196326343,"time":"2026-09-22T07:38:03Z","actorUuid":"QWTEUDQOG5TTFPUSAOVVFFCCJ4","action":"patch"}""";
    const string Second = """{"eid":3196326825,"time":"2026-09-22T07:40:51Z","actorUuid":"QWTEUDQOG5TTFPUSAOVVFFCCJ4","action":"update"}""";

    // What differs from machine to machine, or says no more than the length of what follows.
    static readonly string[] Unpinned = ["Host:", "User-Agent:", "Content-Length:"];

    readonly Written _written = new();
    readonly Receiver _receiver = new();

    public static TheoryData<string> Samples =>
        [.. Directory.EnumerateFiles(Shipped.Sample("sinks"), "*.json")
            .Where(file => File.ReadAllText(file).Contains("\"type\": \"op\"", StringComparison.Ordinal))
            .Select(file => Path.GetFileNameWithoutExtension(file))];

    public void Dispose()
    {
        _receiver.Dispose();
        _written.Dispose();
    }

    [Fact]
    public void There_is_a_sample_for_each_receiver_that_is_documented() =>
        Samples.Select(row => row.Data).Should().BeEquivalentTo(
            "splunk-hec", "elasticsearch", "opensearch", "datadog", "panther", "logscale", "newrelic", "standard-webhooks", "hmac",
            "mutual-tls");

    [Theory]
    [MemberData(nameof(Samples))]
    public void It_is_read_without_complaint_before_its_secrets_exist(string name)
    {
        var settings = Settings.Load(Shipped.Sample($"sinks/{name}.json"), _ => null);

        settings.Source.Should().BeEquivalentTo(new { Path = "/usr/local/bin/op", Account = "acme" });
        settings.Sink.Type.Should().Be(SinkType.Webhook);
        settings.State.Directory.Should().Be("/var/lib/opcollector");
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public async Task It_puts_on_the_wire_what_its_receiver_wants_to_see(string name)
    {
        var settings = LoadWithSecrets(name).Sink.Webhook!;
        var address = new UriBuilder(settings.Url()) { Scheme = "http", Host = "127.0.0.1", Port = new Uri(_receiver.Url).Port }.Uri;
        _receiver.Judge = body => Success(settings, body);
        var now = new VirtualTime(DateTimeOffset.FromUnixTimeSeconds(1_790_000_000));
        using var limits = RunLimits.Within(TimeSpan.FromMinutes(4), now);
        using var sink = new WebhookSink(settings with { Url = () => address }, now, Logger.None);

        var receipt = await sink.DeliverAsync(new Batch("audit", [Event(First), Event(Second)]), limits);

        receipt.Accepted.Should().HaveCount(2);
        receipt.Refused.Should().BeEmpty();
        string.Join('\n', _receiver.Requests.Select(Pinned))
            .Should().Be(await File.ReadAllTextAsync(Shipped.Source($"tests/OpCollector.Tests/Wire/{name}.http")));
    }

    // Its secrets lie beside it, and not in /etc.
    Settings LoadWithSecrets(string name)
    {
        foreach (var (file, secret) in new[]
        {
            ("splunk-token", "11111111-2222-3333-4444-555555555555"), ("elastic-api-key", "aWQ6a2V5"), ("opensearch-password", "s3cret"),
            ("datadog-api-key", "s3cret"),
            ("panther-secret", "s3cret"),
            ("logscale-ingest-token", "s3cret"),
            ("newrelic-license-key", "s3cret"),
            ("webhook-secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
            ("webhook-secret-old", "whsec_c2Vjb25kLXNlY3JldC1vZi0yNC1ieXRlcw=="), ("hmac-secret", "It's a Secret to Everybody"),
        })
        {
            _written.Put(file, secret);
        }

        using var authority = new Certificates(Path.Combine(_written.Root, "tls"));
        authority.Sign("collector");
        return _written.LoadText(
            File.ReadAllText(Shipped.Sample($"sinks/{name}.json"))
                .Replace("/etc/opcollector/", $"{_written.Root}/", StringComparison.Ordinal));
    }

    static Answer Success(WebhookSettings settings, string body) => settings.Format.Name switch
    {
        "splunk-hec" => Answer.Of(200, """{"text":"Success","code":0}"""),
        "elasticsearch" or "opensearch" =>
            Answer.Of(
                200,
                $$"""{"errors":false,"items":[{{string.Join(',', Created(body).Select(id => $$$"""{"create":{"_id":"{{{id}}}","status":201}}"""))}}]}"""),
        _ => Answer.Of(settings.Success is { } success ? success[0] : 200),
    };

    static IEnumerable<string> Created(string body) => body.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => (string?)JsonNode.Parse(line)!["create"]?["_id"]).OfType<string>();

    static ActivityEvent Event(string text) => ActivityEvent.Read(Encoding.UTF8.GetBytes(text), EventIdentity.Op).Event!;

    static string Pinned(Receiver.Request request)
    {
        var head = request.Head
            .Split("\r\n", StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !Unpinned.Any(name => line.StartsWith(name, StringComparison.Ordinal)));
        return $"{string.Join('\n', head)}\n\n{request.Body}\n";
    }
}
