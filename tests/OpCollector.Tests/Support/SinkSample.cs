using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using OpCollector.Cli.Hosting;
using OpCollector.Configuration;
using OpCollector.Delivery;
using OpCollector.Delivery.Webhook;
using OpCollector.Events;
using Serilog.Core;
using Answer = OpCollector.Tests.Support.Receiver.Answer;

namespace OpCollector.Tests.Support;

/// <summary>A sample for a receiver, with its secrets beside it and not in /etc, and what it puts on the wire.</summary>
internal sealed partial class SinkSample : IDisposable
{
    public static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_790_000_000);

    // What differs from machine to machine, or says no more than the length of what follows.
    static readonly string[] Unpinned = ["Host:", "User-Agent:", "Content-Length:"];

    readonly TestConfiguration _written = new();
    readonly Receiver _receiver = new();
    readonly Receiver _tokens = new();

    public SinkSample() =>
        _tokens.Otherwise = Answer.Of(200, """{"access_token":"a-token","token_type":"Bearer","expires_in":3599}""");

    public static IEnumerable<string> All =>
        Directory.EnumerateFiles(ShippedFiles.Sample("sinks"), "*.json").Select(file => Path.GetFileNameWithoutExtension(file));

    public static string Text(string name) => File.ReadAllText(ShippedFiles.Sample($"sinks/{name}.json"));

    /// <summary>What is pinned of it.</summary>
    /// <param name="name">The file in <c>Wire</c>, without its ending.</param>
    public static string Pinned(string name) => File.ReadAllText(ShippedFiles.Source($"tests/OpCollector.Tests/Wire/{name}.http"));

    public void Dispose()
    {
        _tokens.Dispose();
        _receiver.Dispose();
        _written.Dispose();
    }

    /// <summary>Delivers pages as the configuration says.</summary>
    /// <param name="configuration">The text of a sample.</param>
    /// <returns>What a receiver has got.</returns>
    public async Task<string> DeliverAsync(string configuration, IEnumerable<Batch> pages)
    {
        var time = new VirtualTime(Now);
        using var limits = RunLimits.Within(TimeSpan.FromMinutes(4), time);
        using var routes = RoutesOf(LoadWithSecrets(configuration).Sink, time);
        foreach (var (route, batch) in pages.SelectMany(routes.Split))
        {
            var receipt = await route.DeliverAsync(batch, limits);
            receipt.Accepted.Should().HaveCount(batch.Events.Count);
        }

        return string.Join('\n', _receiver.Requests.Select(Pinned));
    }

    Routes RoutesOf(SinkSettings sink, TimeProvider time)
    {
        Route Of(string name, SinkSettings route) => new(name, new WebhookSink(Here(route.Webhook()), time, Logger.None), route.Form);
        return new Routes(Of(Route.Usual, sink), Streams.All, [.. sink.Routes.Select(each => Of(each.Key, each.Value))]);
    }

    WebhookSettings Here(WebhookSettings settings)
    {
        var port = new Uri(_receiver.Url).Port;
        var address = new UriBuilder(settings.Url.Reveal()) { Scheme = "http", Host = "127.0.0.1", Port = port }.Uri;
        _receiver.Judge = body => Success(settings, body);
        return settings with { Url = new PlainAddress(address) };
    }

    Settings LoadWithSecrets(string configuration)
    {
        var text = configuration.Replace("/etc/opcollector/", $"{_written.Root}/", StringComparison.Ordinal)
            .Replace("https://login.microsoftonline.com/", $"{_tokens.Url}/", StringComparison.Ordinal);
        foreach (Match secret in SecretFile().Matches(text))
        {
            _written.Put(secret.Groups[1].Value, "s3cret");
        }

        _written.Put("rapid7-url", "https://eu.webhook.logs.insight.example/v1/noformat/s3cret");
        _written.Put("sumologic-url", "https://endpoint1.collection.sumologic.example/receiver/v1/http/s3cret==");
        _written.Put("webhook-secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        _written.Put("webhook-secret-old", "whsec_c2Vjb25kLXNlY3JldC1vZi0yNC1ieXRlcw==");
        _written.Put("hmac-secret", "It's a Secret to Everybody");
        PutKeys();
        return _written.LoadText(text);
    }

    void PutKeys()
    {
        _written.Put("google-key.json", new JsonObject
        {
            ["type"] = "service_account",
            ["private_key"] = GoogleKey.Pem,
            ["client_email"] = "collector@acme.example",
            ["token_uri"] = _tokens.Url,
        }.ToJsonString());
        using var authority = new Certificates(Path.Combine(_written.Root, "tls"));
        authority.Sign("collector");
    }

    static Answer Success(WebhookSettings settings, string body) => settings.Format.Name switch
    {
        "splunk-hec" => Answer.Of(200, """{"text":"Success","code":0}"""),
        "elasticsearch" or "opensearch" =>
            Answer.Of(200, $$"""{"errors":false,"items":[{{string.Join(',', Ids(body).Select(Created))}}]}"""),
        _ => Answer.Of(settings.Success.Or([200])[0]),
    };

    static IEnumerable<string> Ids(string body) => body.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => (string?)JsonNode.Parse(line)!["create"]?["_id"]).OfType<string>();

    static string Created(string id) => $$$"""{"create":{"_id":"{{{id}}}","status":201}}""";

    static string Pinned(Receiver.Request request)
    {
        var head = request.Head
            .Split("\r\n", StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !Unpinned.Any(name => line.StartsWith(name, StringComparison.Ordinal)));
        return $"{string.Join('\n', head)}\n\n{request.Body}\n";
    }

    [GeneratedRegex("\"file\": \"[^\"]*/([a-z0-9-]+)\"")]
    private static partial Regex SecretFile();
}
