using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using EventsApiEmulator;
using OpCollector.Checkpoints;
using OpCollector.Cli;
using OpCollector.Configuration;
using OpCollector.Delivery;
using OpCollector.Detection;
using OpCollector.Enrichment;
using OpCollector.Events;
using OpCollector.Sources;
using OpCollector.Sources.EventsApi;
using OpCollector.Storage;
using Serilog.Core;
using SiemEmulator.Faults;

namespace OpCollector.Tests;

/// <summary>
/// Everything fails by a seed: the Events API, the network, the receiver, the disk, and events come late. In the end every event of
/// every stream is accepted or in the quarantine. <c>OPCOLLECTOR_FAULTS</c>, <c>OPCOLLECTOR_PROCESS_FAULTS</c> and <c>OPCOLLECTOR_SEED</c> as in <see cref="FaultRunSpecs"/>.
/// </summary>
[Collection(Exhaustive.Name)]
public sealed class EventsApiFaultRunSpecs
{
    static readonly string[] AllFormats = ["json", "ndjson", "single", "splunk-hec", "elasticsearch", "opensearch"];

    static IEnumerable<int> InProcess => Seeds.Of("OPCOLLECTOR_FAULTS", ordinary: 100);

    static IEnumerable<int> WithProcesses => Seeds.Of("OPCOLLECTOR_PROCESS_FAULTS", ordinary: 8);

    [Fact]
    public async Task Whatever_fails_every_event_of_each_stream_arrives_or_lies_in_the_quarantine() =>
        await Parallel.ForEachAsync(InProcess, async (seed, _) => await SurviveAsync(seed));

    static async Task SurviveAsync(int seed)
    {
        using var world = new World(seed);
        for (var run = world.Random.Next(1, 7); run > 0; run--)
        {
            world.Grow();
            await world.RunAsync();
        }

        await world.RunToIdleAsync();
        world.ShouldBeWhole();
    }

    /// <summary>The same with real processes, real time and SIGKILL: fewer seeds, all of the program.</summary>
    [Fact]
    public async Task Whatever_fails_the_shipped_program_loses_nothing_of_any_stream() =>
        await Parallel.ForEachAsync(WithProcesses, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (seed, _) =>
        {
            using var world = new FaultyApiProcesses(seed, AllFormats);
            await world.SurviveAsync();
        });

    /// <summary>One account, one receiver and one state directory, with everything that can go wrong in them.</summary>
    sealed class World : IDisposable
    {
        static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

        // Real files, on a file system that makes thousands of runs bearable.
        readonly DirectoryInfo _directory = Directory.CreateDirectory(Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"opcollector-faults-{Guid.NewGuid():N}"));
        readonly VirtualTime _time = new(DateTimeOffset.UtcNow);
        readonly int _seed;
        readonly string _format;
        readonly EventsApi _api = new();
        readonly FaultyReceiver _receiver;
        readonly StateDirectory _state;
        readonly Settings _settings;
        readonly List<long> _events = [];
        readonly Dictionary<string, List<long>> _inOrder = ApiToken.All.ToDictionary(feature => feature, _ => new List<long>());
        long _last = 1000;

        public World(int seed)
        {
            (_seed, Random) = (seed, new Random(seed));
            _format = AllFormats[Random.Next(AllFormats.Length)];
            _api.Order = (CursorOrder)Random.Next(2);
            _receiver = new FaultyReceiver(_format, new Random(seed + 1), IsPoison)
            {
                OnStored = () => Obstruct("checkpoint.json.tmp"),
                OutlastTheSender = () => _time.Advance(Timeout + TimeSpan.FromSeconds(1)),
            };
            _state = new StateDirectory(_directory.FullName);
            var place = new ConfigurationMember("opcollector.json", 1, "source.eventsApi.token", "token", JsonTokenType.String, "x");
            var streams = EventStream.All.Select(stream => new StreamSettings(stream, TimeSpan.FromHours(48), TimeSpan.FromTicks(1))).ToArray();
            _settings = new Settings(
                place,
                new SourceSettings(EventsApi: new EventsApiSettings(new TokenSettings(place, null, null), null, streams, Random.Next(5, 120))),
                new Start("30d", Ago: TimeSpan.FromDays(30)),
                TimeSpan.FromMinutes(4),
                null,
                new EnrichmentSettings(TimeSpan.FromHours(6), []),
                new SinkSettings(SinkType.Stdout),
                DetectionSettings.Usual,
                SilenceSettings.Usual);
        }

        public Random Random { get; }

        public void Grow()
        {
            foreach (var feature in ApiToken.All)
            {
                var from = _time.GetUtcNow();
                var count = Random.Next(0, _format == "single" ? 40 : 150);
                _time.Advance(TimeSpan.FromSeconds(count + 1));
                for (var i = 0; i < count; i++)
                {
                    var isLate = Random.Next(8) == 0;
                    Add(feature, isLate ? from.AddMinutes(-Random.Next(1, 40 * 60)) : from.AddSeconds(i), isLate);
                }
            }
        }

        /// <summary>A run in which anything may fail, and perhaps the disk before it.</summary>
        public async Task RunAsync()
        {
            for (var troubles = Random.Next(4); troubles > 0; troubles--)
            {
                _api.With(AnyTrouble() with { Feature = Random.Next(2) == 0 ? ApiToken.All[Random.Next(3)] : null, After = Random.Next(6), Times = Random.Next(1, 6) });
            }

            switch (Random.Next(14))
            {
                case 0:
                    Obstruct("checkpoint.json.tmp");
                    break;
                case 1:
                    Obstruct("quarantine.ndjson");
                    break;
                case 2 when File.Exists(In("checkpoint.prev.json")):
                    // As after a power cut on a file system that forgets.
                    await File.WriteAllTextAsync(In("checkpoint.json"), "");
                    break;
                case 3 when _state.Names("seen-audit-", ".bin") is [var seen, ..]:
                    await File.AppendAllTextAsync(In(seen), "torn");
                    break;
                case 4 when _state.Names("seen-itemusage-", ".bin") is [var seen, ..]:
                    File.Delete(In(seen));
                    break;
                case 5:
                    _api.ForgetCursors();
                    break;
                case 6:
                    Obstruct($"seen-signin-{_time.GetUtcNow():yyyy-MM-dd}.bin");
                    break;
            }

            await CollectAsync(quarantineRejected: false);
            foreach (var way in Directory.GetDirectories(_directory.FullName))
            {
                Directory.Delete(way, recursive: true);
            }
        }

        public async Task RunToIdleAsync()
        {
            _receiver.IsCalm = true;
            _api.Recover();
            for (var run = 0; run < 3; run++)
            {
                // A last batch of nothing but poison needs a word from the operator.
                if (await CollectAsync(quarantineRejected: false) is { Code: ExitCode.Configuration })
                {
                    (await CollectAsync(quarantineRejected: true)).Should().BeNull($"seed {_seed}");
                }
            }
        }

        public void ShouldBeWhole()
        {
            var arrived = _receiver.Stored.Distinct().ToArray();
            _receiver.ShouldHaveSettled([.. _events], Quarantined(), $"seed {_seed} ({_format}, {_api.Order})");
            if (_format is not ("elasticsearch" or "opensearch"))
            {
                foreach (var (feature, inOrder) in _inOrder)
                {
                    var of = inOrder.ToHashSet();
                    arrived.Where(of.Contains).Except(_receiver.Spurned).Should().Equal(inOrder.Where(eid => !IsPoison(eid)).Except(_receiver.Spurned), $"seed {_seed} ({_format}): {feature} in order");
                }
            }
        }

        public void Dispose()
        {
            _api.Dispose();
            _receiver.Dispose();
            _directory.Delete(recursive: true);
        }

        static bool IsPoison(long eid) => eid % 41 == 0;

        // The receiver keeps its books by eid; the source knows nothing of it.
        void Add(string feature, DateTimeOffset time, bool isLate)
        {
            var eid = ++_last;
            _api.Add(feature, time, $"{eid}", $$"""{"uuid":"{{eid}}","timestamp":"{{time.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffffff}}00Z","eid":{{eid}}}""");
            _events.Add(eid);
            if (!isLate)
            {
                _inOrder[feature].Add(eid);
            }
        }

        Trouble AnyTrouble() => Random.Next(9) switch
        {
            0 => Trouble.Answer(500, "trouble"),
            1 => Trouble.Answer(429, "", "Retry-After: 3"),
            2 => Trouble.Answer(429),
            3 => Trouble.Answer(400, """{"status":400,"message":"no"}"""),
            4 => Trouble.Answer(401, "no"),
            5 => Trouble.Answer(200, """{"cursor":"x","has_more":true,"items":[{"uuid":""", "Content-Type: application/json"),
            6 => Trouble.OnTheWire(Manner.ResetInside),
            7 => Trouble.OnTheWire(Manner.ShortLength),
            _ => Trouble.OnTheWire(Manner.Close),
        };

        async Task<Failure?> CollectAsync(bool quarantineRejected)
        {
            using var limits = RunLimits.Within(TimeSpan.FromMinutes(4), _time);
            using var sink = new WebhookSink(Webhook(), _time, Logger.None);
            await using var source = new EventsApiSource(_settings.Source.EventsApi!, _settings.Start, _ => Task.FromResult(_api.Token.Text), new EventsApiMemory(_state), _state, obeyPause: false, _time, Logger.None);
            var checkpoints = new CheckpointFile(_state, CheckpointFile.Main, EventsApiSource.Fingerprint, Logger.None);
            var naming = new Naming(new NameBookFile(_state, EventsApiSource.Fingerprint), null, _settings.Enrichment, _time, Logger.None);
            var collector = new Collector(source, naming, new Watch(rules: null, onlyFindings: false), limits, _time, Logger.None);
            try
            {
                var quarantine = Quarantine.In(_state, _time);
                await collector.CollectAsync(await collector.StartAsync(_settings.Start, checkpoints), checkpoints, sink, quarantine, quarantineRejected: quarantineRejected);
                return source.Trouble;
            }
            catch (OperationCanceledException)
            {
                return null;
            }
            catch (Failure failure)
            {
                failure.Code.Should().NotBe(ExitCode.Bug, $"seed {_seed}: {failure.Message}");
                return failure;
            }
        }

        WebhookSettings Webhook()
        {
            var url = new Uri(_receiver.Url);
            return new WebhookSettings(() => url, new FormatSettings(_format, HecSettings.Usual), null, [], new LimitSettings(), null, Timeout, Gzip: false, null, null);
        }

        long[] Quarantined() => File.Exists(In("quarantine.ndjson"))
            ? [.. File.ReadAllLines(In("quarantine.ndjson")).Where(line => line.EndsWith('}')).Select(line => long.Parse((string)JsonNode.Parse(line)!["id"]!, CultureInfo.InvariantCulture))]
            : [];

        // A directory in the way of a file: what fails for root too.
        void Obstruct(string name)
        {
            if (!File.Exists(In(name)))
            {
                Directory.CreateDirectory(In($"{name}/in-the-way"));
            }
        }

        string In(string name) => Path.Combine(_directory.FullName, name);
    }
}
