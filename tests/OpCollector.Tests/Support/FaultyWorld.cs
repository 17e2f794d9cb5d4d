using System.Globalization;
using System.Text.Json.Nodes;
using OpCollector.Checkpoints;
using OpCollector.Delivery;
using OpCollector.Delivery.Formats;
using OpCollector.Delivery.Webhook;
using OpCollector.Detection;
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

    readonly FaultyState _state;

    /// <param name="server">Where it keeps its state; null for a directory.</param>
    protected FaultyWorld(int seed, PostgresServer? server = null)
    {
        (What, Random) = ($"seed {seed}", new Random(seed));
        _state = server is null
            ? new FaultyDirectory(_directory.FullName)
            : new FaultyPostgres(server, _directory.FullName, Time, new Random(seed + 3));
        Format = AllFormats[Random.Next(AllFormats.Length)];
        Receiver = new FaultyReceiver(Format, new Random(seed + 1), IsPoison)
        {
            OnStored = () => Obstruct("checkpoint.json.tmp"),
            OutlastTheSender = () => Time.Advance(Timeout + TimeSpan.FromSeconds(1)),
        };
    }

    protected Random Random { get; }

    /// <summary>Which world this is, for a message.</summary>
    protected string What { get; init; }

    protected string Format { get; }

    protected FaultyReceiver Receiver { get; }

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
            await CollectAsync(quarantineRejected: false);
            _state.Clear();
            ShouldNotBeAhead();
        }

        Receiver.IsCalm = true;
        Calm();
        for (var run = 0; run < 3; run++)
        {
            // A last batch of nothing but poison needs a word from the operator.
            if (await CollectAsync(quarantineRejected: false) is { Code: ExitCode.Configuration })
            {
                (await CollectAsync(quarantineRejected: true)).Should().BeNull(What);
            }
        }

        ShouldBeWhole();
    }

    public virtual void Dispose()
    {
        Receiver.Dispose();
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

    protected abstract Naming OpenNaming();

    /// <summary>Under which the checkpoint and the names are kept.</summary>
    protected abstract string SourceName { get; }

    protected abstract Start Start { get; }

    /// <summary>What the checkpoint says is delivered, is; where events come late, nobody can tell.</summary>
    protected virtual void ShouldNotBeAhead()
    {
    }

    /// <summary>Every event is accepted or in the quarantine, in order.</summary>
    protected abstract void ShouldBeWhole();

    protected static bool IsPoison(long eid) => eid % 41 == 0;

    protected CheckpointFile OpenCheckpoints() => new(State, CheckpointFile.Main, SourceName, Logger.None);

    protected long[] Quarantined() => [.. _state.QuarantineLines().Select(IdOf)];

    /// <summary>Lets something that is written under this name fail.</summary>
    protected void Obstruct(string name) => _state.Obstruct(name);

    protected string In(string name) => Path.Combine(_directory.FullName, name);

    static long IdOf(string line) => long.Parse((string)JsonNode.Parse(line)!["id"]!, CultureInfo.InvariantCulture);

    async Task<Failure?> CollectAsync(bool quarantineRejected)
    {
        using var limits = RunLimits.Within(TimeSpan.FromMinutes(4), Time);
        using var routes = Straight.To(new WebhookSink(Webhook(), Time, Logger.None));
        await using var source = OpenSource();
        try
        {
            State.Ensure();
            using var held = State.TryHold("collect", TimeSpan.FromMinutes(12), Time);
            var checkpoints = OpenCheckpoints();
            var collector = new Collector(
                source,
                OpenNaming(),
                new DetectionStage(rules: null, onlyFindings: false, new RuleMemoryFile(State, CheckpointFile.Main)),
                limits,
                Time,
                Logger.None);
            var begin = await collector.StartAsync(Start, checkpoints);
            var destination = new Destination(routes, _state.Quarantine(Time), checkpoints, limits, Time, quarantineRejected);
            await collector.CollectAsync(begin, destination);
            return source.Trouble;
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

    WebhookSettings Webhook()
    {
        var url = new Uri(Receiver.Url);
        return new WebhookSettings(
            Url: () => url,
            Format: new FormatSettings(Format, HecSettings.Usual),
            Auth: null,
            Headers: [],
            Limits: new LimitSettings(),
            Success: null,
            Timeout: Timeout,
            Gzip: false,
            Tls: null,
            Proxy: null);
    }
}
