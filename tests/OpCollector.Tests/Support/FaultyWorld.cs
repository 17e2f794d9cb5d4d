using System.Globalization;
using System.Text.Json.Nodes;
using OpCollector.Checkpoints;
using OpCollector.Configuration;
using OpCollector.Delivery;
using OpCollector.Delivery.Formats;
using OpCollector.Delivery.Forms;
using OpCollector.Delivery.S3;
using OpCollector.Delivery.Webhook;
using OpCollector.Detection;
using OpCollector.Events;
using OpCollector.Flow;
using OpCollector.Http;
using OpCollector.Names;
using OpCollector.Sources;
using OpCollector.Storage;
using Serilog.Core;

namespace OpCollector.Tests.Support;

/// <summary>
/// A source, a receiver and a state directory in one process and virtual time, with everything that can go wrong in them, by a seed.
/// </summary>
internal abstract class FaultyWorld : IDisposable
{
    /// <summary>Every format, for the worlds to choose one each.</summary>
    public static readonly string[] AllFormats = ["json", "ndjson", "single", "splunk-hec", "elasticsearch", "opensearch"];

    static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    // Real files, on a file system that makes thousands of runs bearable.
    static readonly string Root = Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();

    readonly DirectoryInfo _directory = Directory.CreateDirectory(Path.Combine(Root, $"opcollector-faults-{Guid.NewGuid():N}"));

    // Those that answer for each event by itself know events by their ids, and a finding has another one than its event.
    static readonly string[] RouteFormats = ["json", "ndjson", "single", "splunk-hec"];

    readonly FaultyState _state;
    readonly TestConfiguration _written = new();

    /// <param name="server">Where it keeps its state; null for a directory.</param>
    /// <param name="format">What the sink takes; null where the seed says it.</param>
    /// <param name="routes">Kinds of items that go to a receiver of their own.</param>
    protected FaultyWorld(int seed, PostgresServer? server = null, string? format = null, params string[] routes)
    {
        (What, Random) = ($"seed {seed}", new Random(seed));
        _state = server is null
            ? new FaultyDirectory(_directory.FullName)
            : new FaultyPostgres(server, _directory.FullName, Time, new Random(seed + 3));
        var any = AllFormats[Random.Next(AllFormats.Length)];
        var whims = new Random(seed + 1);
        _written.Environment["S3"] = "secret-key";
        Receivers[Route.Usual] = NewReceiver(format ?? any, whims);
        foreach (var route in routes)
        {
            Receivers[route] = NewReceiver(RouteFormats[whims.Next(RouteFormats.Length)], new Random(whims.Next()));
        }
    }

    /// <summary>By the name of the route.</summary>
    protected Dictionary<string, FaultyReceiver> Receivers { get; } = [];

    protected Random Random { get; }

    /// <summary>Which world this is, for a message.</summary>
    protected string What { get; init; }

    protected string Format => string.Join(' ', Receivers.Values.Select(receiver => receiver.Format));

    /// <summary>Whether each event is a request.</summary>
    protected bool IsSlow => Receivers.Values.Any(receiver => receiver.Format == "single");

    protected VirtualTime Time { get; } = new(DateTimeOffset.UtcNow);

    protected StateStore State => _state.Store;

    /// <summary>How many runs ended early, or found their state damaged.</summary>
    protected int Failures { get; set; }

    /// <summary>Some runs in which anything may fail, and then some in peace.</summary>
    public async Task SurviveAsync()
    {
        for (var run = Random.Next(1, 7); run > 0; run--)
        {
            Grow();
            await HamperAsync();
            await CollectAsync(TotalRejection.EndsTheRun);
            _state.Clear();
            ShouldNotBeAhead();
        }

        foreach (var receiver in Receivers.Values)
        {
            receiver.IsCalm = true;
        }

        Calm();
        for (var run = 0; run < 3; run++)
        {
            // A last batch of nothing but poison needs a word from the operator.
            if (await CollectAsync(TotalRejection.EndsTheRun) is { Code: ExitCode.Configuration })
            {
                (await CollectAsync(TotalRejection.QuarantinesAll)).Should().BeNull(What);
            }
        }

        ShouldBeWhole();
    }

    public virtual void Dispose()
    {
        foreach (var receiver in Receivers.Values)
        {
            receiver.Dispose();
        }

        _written.Dispose();
        _state.Close();
        _directory.Delete(recursive: true);
    }

    /// <summary>More happens.</summary>
    protected abstract void Grow();

    /// <summary>Lets something fail in the run to come, perhaps.</summary>
    protected abstract Task HamperAsync();

    /// <summary>Lets nothing fail any more.</summary>
    protected abstract void Calm();

    protected abstract Source OpenSource();

    protected abstract NamingStage OpenNaming();

    /// <summary>Under which the checkpoint and the names are kept.</summary>
    protected abstract string SourceName { get; }

    protected abstract StartingPoint Start { get; }

    /// <summary>What the checkpoint says is delivered, is; where events come late, nobody can tell.</summary>
    protected virtual void ShouldNotBeAhead()
    {
    }

    /// <summary>The stage between names and delivery.</summary>
    protected virtual DetectionStage OpenDetection() => DetectionStages.Nothing(State);

    /// <summary>Every event is accepted or in the quarantine, in order.</summary>
    protected abstract void ShouldBeWhole();

    protected static bool IsPoison(long eid) => eid % 41 == 0;

    protected CheckpointFile OpenCheckpoints() => new(State, CheckpointFile.Main, SourceName, Logger.None);

    /// <summary>The events that a route did not take, and those of whose findings it did not.</summary>
    protected long[] Quarantined(string route) =>
    [
        .. _state.QuarantineLines()
            .Select(line => JsonNode.Parse(line)!)
            .Where(line => ((string?)line["route"] ?? Route.Usual) == route)
            .Select(IdOf),
    ];

    /// <summary>Lets something that is written under this name fail.</summary>
    protected void Obstruct(string name) => _state.Obstruct(name);

    protected string In(string name) => Path.Combine(_directory.FullName, name);

    static long IdOf(JsonNode line) => line["event"]?["event"]?["eid"] is { } eid
        ? (long)eid
        : long.Parse((string)line["id"]!, CultureInfo.InvariantCulture);

    async Task<Failure?> CollectAsync(TotalRejection totalRejection)
    {
        using var limits = RunLimits.Within(TimeSpan.FromMinutes(4), Time);
        using var routes = new Routes(
            RouteTo(Route.Usual), Streams.All, [.. Receivers.Keys.Where(name => name.Length > 0).Select(RouteTo)]);
        await using var source = OpenSource();
        try
        {
            State.Ensure();
            using var held = State.TryHold("collect", TimeSpan.FromMinutes(12), Time);
            var checkpoints = OpenCheckpoints();
            var collector = new Collector(
                source,
                OpenNaming(),
                OpenDetection(),
                limits,
                Time,
                Logger.None);
            var begin = await collector.StartAsync(Start, checkpoints);
            var destination = new Destination(routes, _state.Quarantine(Time), checkpoints, limits, Time, totalRejection);
            await collector.DeliverAllAsync(begin, destination);
            return source.PartialFailure;
        }
        catch (OperationCanceledException)
        {
            Failures++;
            return null;
        }
        catch (Failure failure)
        {
            failure.Code.Should().NotBe(ExitCode.Bug, $"{What}: {failure.Message}");
            Failures++;
            return failure;
        }
    }

    FaultyReceiver NewReceiver(string format, Random random) => new(format, random, IsPoison)
    {
        OnStored = () => Obstruct("checkpoint.json.tmp"),
        OutlastTheSender = () => Time.Advance(Timeout + TimeSpan.FromSeconds(1)),
    };

    Route RouteTo(string name)
    {
        var receiver = Receivers[name];
        Sink sink = receiver.Format == FaultyReceiver.Bucket
            ? new S3Sink(Bucket(receiver), Time, Logger.None)
            : new WebhookSink(Webhook(receiver) with { Route = name }, Time, Logger.None);
        return new Route(name, sink, SentForm.AsTheyAre);
    }

    S3Settings Bucket(FaultyReceiver receiver) => _written.LoadText($$"""
        { "source": { "type": "op", "op": { "account": "acme", "password": { "env": "P" } } }, "sink": { "type": "s3",
        "bucket": "logs", "region": "auto", "pathStyle": true, "endpoint": "{{new Uri(receiver.Url).GetLeftPart(UriPartial.Authority)}}",
        "credentials": { "accessKeyId": "key-id", "secretAccessKey": { "env": "S3" } } } }
        """).Sink.Bucket();

    static WebhookSettings Webhook(FaultyReceiver receiver)
    {
        return new WebhookSettings(
            Url: new PlainAddress(new Uri(receiver.Url)),
            Format: new FormatSettings(receiver.Format, HecSettings.Usual),
            Auth: null,
            Headers: [],
            Limits: new LimitSettings(),
            Success: new SuccessStatuses(),
            Timeout: Timeout,
            Coding: ContentCoding.Identity,
            Tls: null,
            Proxy: EnvironmentProxy.None);
    }
}
