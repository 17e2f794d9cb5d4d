using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using EventsApiEmulator;
using OpCollector.Cli;
using OpCollector.Delivery;
using OpCollector.Delivery.Webhook;
using OpCollector.Events;
using Serilog.Core;
using Answer = OpCollector.Tests.Support.Receiver.Answer;

namespace OpCollector.Tests;

/// <summary>
/// The samples for SIEMs that read the Events API: each is read without complaint, and what it puts on the wire for every kind of item is
/// pinned in <c>Wire</c>. The page about SIEMs has each of them.
/// </summary>
public sealed partial class SiemSampleSpecs : IDisposable
{
    static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_790_000_000);

    // What differs from machine to machine, or says no more than the length of what follows.
    static readonly string[] Unpinned = ["Host:", "User-Agent:", "Content-Length:"];

    static readonly string[] Tables = ["events", "findings"];

    readonly Written _written = new();
    readonly Receiver _receiver = new();
    readonly Receiver _tokens = new();

    public SiemSampleSpecs() =>
        _tokens.Otherwise = Answer.Of(200, """{"access_token":"a-token","token_type":"Bearer","expires_in":3599}""");

    public static TheoryData<string> Samples =>
        [.. All.Where(name => Text(name).Contains("\"events-api\"", StringComparison.Ordinal) && !IsBucket(name))];

    static IEnumerable<string> All =>
        Directory.EnumerateFiles(Shipped.Sample("sinks"), "*.json").Select(file => Path.GetFileNameWithoutExtension(file));

    static string Page => File.ReadAllText(Shipped.Source("docs/siems.md"));

    public void Dispose()
    {
        _tokens.Dispose();
        _receiver.Dispose();
        _written.Dispose();
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void It_is_read_without_complaint_before_its_secrets_exist(string name)
    {
        var settings = Settings.Load(Shipped.Sample($"sinks/{name}.json"), _ => null);

        settings.Sink.Type.Should().Be(SinkType.Webhook);
        settings.State.Directory.Should().Be("/var/lib/opcollector");
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public async Task It_puts_on_the_wire_what_its_receiver_wants_to_see(string name)
    {
        var time = new VirtualTime(Now);
        using var limits = RunLimits.Within(TimeSpan.FromMinutes(4), time);
        using var routes = RoutesOf(LoadWithSecrets(name).Sink, time);

        foreach (var (route, batch) in Pages.SelectMany(routes.Split))
        {
            var receipt = await route.DeliverAsync(batch, limits);
            receipt.Accepted.Should().HaveCount(batch.Events.Count);
        }

        string.Join('\n', _receiver.Requests.Select(Pinned))
            .Should().Be(await File.ReadAllTextAsync(Shipped.Source($"tests/OpCollector.Tests/Wire/{name}.http")));
    }

    [Fact]
    public void The_rule_for_Sentinel_declares_every_column_that_an_event_has_and_the_table_has_every_column_that_comes_of_it()
    {
        var rule = JsonNode.Parse(File.ReadAllText(Shipped.Sample("sentinel/dcr.json")))!["properties"]!;
        foreach (var (table, flow) in Tables.Zip(rule["dataFlows"]!.AsArray()))
        {
            var kql = (string)flow!["transformKql"]!;
            var declared = Names(rule["streamDeclarations"]![(string)flow["outputStream"]!]!["columns"]!);
            var made = declared.Where(column => !LeftOut().Match(kql).Value.Contains(column, StringComparison.Ordinal))
                .Concat(Made().Matches(kql).Select(each => each.Groups[1].Value));
            var schema = JsonNode.Parse(File.ReadAllText(Shipped.Sample($"sentinel/table-{table}.json")))!["properties"]!["schema"]!;

            ((string)flow["outputStream"]!).Should().Be($"Custom-{schema["name"]}");
            Names(schema["columns"]!).Except(["SourceSystem"]).Should().BeEquivalentTo(made);
        }

        var members = EventsOfAll.SelectMany(each => JsonNode.Parse($"{Event(each.Feature)}")!.AsObject().Select(member => member.Key));
        var columns = rule["streamDeclarations"]!["Custom-OnePasswordEventLogs_CL"]!["columns"]!;
        members.Except(["not_known_yet"]).Should().BeSubsetOf(Names(columns));
    }

    [Fact]
    public void Each_section_of_the_page_has_the_same_form_and_each_sample_a_section()
    {
        var sections = Section().Matches(Page);

        sections.Count.Should().BeGreaterThan(20);
        foreach (Match section in sections)
        {
            Item().Matches(section.Groups[2].Value).Select(item => item.Groups[1].Value).Should().Equal(
                ["Create there", "Configure", "See it arrive", "Limits and traps", "Repetitions", "Tried"], section.Groups[1].Value);
        }

        All.Where(name => !Page.Contains($"(../samples/sinks/{name}.json)", StringComparison.Ordinal)).Should().BeEmpty();
        Link().Matches(Page).Select(link => Path.Combine("docs", link.Groups[1].Value.Split('#')[0]))
            .Where(link => !File.Exists(Shipped.Source(link)))
            .Should().BeEmpty();
    }

    static (string Stream, string Feature)[] EventsOfAll =>
        [("audit", "auditevents"), ("signin", "signinattempts"), ("itemusage", "itemusages")];

    static IEnumerable<Batch> Pages => EventsOfAll.Select(each => new Batch(
        each.Stream, each.Stream == "audit" ? [Event(each.Feature), Finding] : [Event(each.Feature)]));

    static ActivityEvent Finding => new(0, Now, Encoding.UTF8.GetBytes("""
        {"kind":"finding","id":"f-mfa","rule":{"name":"mfa-disabled","level":"high"},"time":"2026-09-21T14:13:20Z","summary":"Zoë \"Z\""}
        """))
    {
        Id = "f-mfa",
        Headline = "high: MFA off",
    };

    static bool IsBucket(string name) => Text(name).Contains("\"s3\"", StringComparison.Ordinal);

    static string Text(string name) => File.ReadAllText(Shipped.Sample($"sinks/{name}.json"));

    static IEnumerable<string> Names(JsonNode columns) => columns.AsArray().Select(column => (string)column!["name"]!);

    static ActivityEvent Event(string feature) => ActivityEvent.Read(
        Encoding.UTF8.GetBytes(EventsApiEmulator.Samples.Of(feature, EventsApiEmulator.Samples.Uuid(feature), Now, 1)),
        EventIdentity.EventsApi).Event!;

    Routes RoutesOf(SinkSettings sink, TimeProvider time)
    {
        Route Of(string name, SinkSettings route) => new(name, new WebhookSink(Here(route.Webhook!), time, Logger.None), route.Form);
        return new Routes(Of(Route.Usual, sink), Streams.All, [.. sink.Routes.Select(each => Of(each.Key, each.Value))]);
    }

    WebhookSettings Here(WebhookSettings settings)
    {
        var address = new UriBuilder(settings.Url()) { Scheme = "http", Host = "127.0.0.1", Port = new Uri(_receiver.Url).Port }.Uri;
        _receiver.Judge = body => Success(settings, body);
        return settings with { Url = () => address };
    }

    static Answer Success(WebhookSettings settings, string body) => settings.Format.Name switch
    {
        "splunk-hec" => Answer.Of(200, """{"text":"Success","code":0}"""),
        "elasticsearch" => Answer.Of(200, $$"""{"errors":false,"items":[{{string.Join(',', Ids(body).Select(Created))}}]}"""),
        _ => Answer.Of(settings.Success is { } success ? success[0] : 200),
    };

    static IEnumerable<string> Ids(string body) => body.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => (string?)JsonNode.Parse(line)!["create"]?["_id"]).OfType<string>();

    static string Created(string id) => $$$"""{"create":{"_id":"{{{id}}}","status":201}}""";

    // Its secrets lie beside it, and not in /etc; tokens come from here.
    Settings LoadWithSecrets(string name)
    {
        var text = Text(name).Replace("/etc/opcollector/", $"{_written.Root}/", StringComparison.Ordinal)
            .Replace("https://login.microsoftonline.com/", $"{_tokens.Url}/", StringComparison.Ordinal);
        foreach (Match secret in SecretFile().Matches(text))
        {
            _written.Put(secret.Groups[1].Value, "s3cret");
        }

        using var key = RSA.Create(2048);
        _written.Put("google-key.json", new JsonObject
        {
            ["type"] = "service_account",
            ["private_key"] = key.ExportPkcs8PrivateKeyPem(),
            ["client_email"] = "collector@acme.example",
            ["token_uri"] = _tokens.Url,
        }.ToJsonString());
        _written.Put("rapid7-url", "https://eu.webhook.logs.insight.example/v1/noformat/s3cret");
        _written.Put("sumologic-url", "https://endpoint1.collection.sumologic.example/receiver/v1/http/s3cret==");
        return _written.LoadText(text);
    }

    static string Pinned(Receiver.Request request)
    {
        var head = request.Head
            .Split("\r\n", StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !Unpinned.Any(name => line.StartsWith(name, StringComparison.Ordinal)));
        return $"{string.Join('\n', head)}\n\n{request.Body}\n";
    }

    [GeneratedRegex("\"file\": \"[^\"]*/([a-z0-9-]+)\"")]
    private static partial Regex SecretFile();

    [GeneratedRegex(@"([A-Za-z_]+) = ")]
    private static partial Regex Made();

    [GeneratedRegex(@"project-away .*")]
    private static partial Regex LeftOut();

    [GeneratedRegex(@"^## (.+)\n\n((?:.+\n)+)", RegexOptions.Multiline)]
    private static partial Regex Section();

    [GeneratedRegex(@"^- \*\*([^*:]+):\*\* ", RegexOptions.Multiline)]
    private static partial Regex Item();

    [GeneratedRegex(@"\]\(([^)#][^)]*)\)")]
    private static partial Regex Link();
}
