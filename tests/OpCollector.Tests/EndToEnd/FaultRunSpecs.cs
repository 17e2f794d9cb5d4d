using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Nodes;
using OpCollector.Checkpoints;
using OpCollector.Cli;
using OpCollector.Delivery;
using OpCollector.Detection;
using OpCollector.Enrichment;
using OpCollector.Events;
using OpCollector.Sources;
using OpCollector.Sources.Op;
using OpCollector.Storage;
using Serilog.Core;

namespace OpCollector.Tests;

/// <summary>
/// Everything fails by a seed: source, network, receiver, disk. In the end every event is accepted or in the quarantine, in
/// order, and a failure repeated at most one batch. <c>OPCOLLECTOR_FAULTS=20000 OPCOLLECTOR_PROCESS_FAULTS=2000</c> plays more
/// seeds than an ordinary run, and <c>OPCOLLECTOR_SEED=17</c> one alone.
/// </summary>
[Collection(Exhaustive.Name)]
public sealed class FaultRunSpecs
{
    const int Page = 100;

    static readonly string[] AllFormats = ["json", "ndjson", "single", "splunk-hec", "elasticsearch", "opensearch"];

    static IEnumerable<int> InProcess => Seeds.Of("OPCOLLECTOR_FAULTS", ordinary: 300);

    static IEnumerable<int> WithProcesses => Seeds.Of("OPCOLLECTOR_PROCESS_FAULTS", ordinary: 16);

    [Fact]
    public async Task Whatever_fails_every_event_arrives_or_lies_in_the_quarantine() =>
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
    public async Task Whatever_fails_the_shipped_program_loses_nothing() =>
        await Parallel.ForEachAsync(WithProcesses, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (seed, _) =>
        {
            using var world = new FaultyProcesses(seed, AllFormats);
            await world.SurviveAsync();
        });

    /// <summary>One account, one receiver and one state directory, with everything that can go wrong in them.</summary>
    sealed class World : IDisposable
    {
        static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

        // Real files, on a file system that makes thousands of runs bearable.
        readonly DirectoryInfo _state = Directory.CreateDirectory(Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"opcollector-faults-{Guid.NewGuid():N}"));
        readonly VirtualTime _time = new(DateTimeOffset.UtcNow);
        readonly int _seed;
        readonly string _format;

        [SuppressMessage("Usage", "CA2213", Justification = "The source that reads it disposes of it.")]
        readonly LogModel _log;
        readonly FaultyReceiver _receiver;
        readonly Start _start;
        readonly Random _names;
        long _last;
        int _failures;

        public World(int seed)
        {
            (_seed, Random, _names) = (seed, new Random(seed), new Random(seed + 2));
            _format = AllFormats[Random.Next(AllFormats.Length)];
            _log = new LogModel((NewerMeans)Random.Next(4), Random);
            _receiver = new FaultyReceiver(_format, new Random(seed + 1), IsPoison)
            {
                OnStored = () => Obstruct("checkpoint.json.tmp"),
                OutlastTheSender = () => _time.Advance(Timeout + TimeSpan.FromSeconds(1)),
            };
            Grow();
            _start = Random.Next(2) == 0 ? new Start("oldest", Oldest: true) : new Start("", Eid: Random.NextInt64(1, _last + 1));
        }

        public Random Random { get; }

        public void Grow()
        {
            for (var count = Random.Next(1, _format == "single" ? 120 : 260); count > 0; count--)
            {
                _log.Add(_last += Random.Next(1, 9), _time.GetUtcNow());
            }
        }

        /// <summary>A run in which anything may fail, and perhaps the disk before it.</summary>
        public async Task RunAsync()
        {
            _log.FailsAt = Random.Next(4) == 0 ? _log.Asked + Random.Next(1, 6) : null;
            switch (Random.Next(12))
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
                    _failures++;
                    break;
                case 3 when File.Exists(In("quarantine.ndjson")):
                    await File.AppendAllTextAsync(In("quarantine.ndjson"), """{"when":"2026-""");
                    break;
            }

            await CollectAsync(quarantineRejected: false);
            Clear("checkpoint.json.tmp");
            Clear("quarantine.ndjson");
            ShouldNotBeAhead();
        }

        public async Task RunToIdleAsync()
        {
            _receiver.IsCalm = true;
            _log.FailsAt = null;
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
            var wanted = _log.Eids.Where(eid => eid > (_start.Eid ?? 0)).ToArray();
            var arrived = _receiver.Stored.Distinct().ToArray();
            _receiver.ShouldHaveSettled(wanted, Quarantined(), $"seed {_seed} ({_format})");
            if (_format is not ("elasticsearch" or "opensearch"))
            {
                arrived.Except(_receiver.Spurned).Should().BeInAscendingOrder($"seed {_seed} ({_format})");
            }

            (_receiver.Stored.Count - arrived.Length).Should().BeLessThanOrEqualTo(Page * (_failures + _receiver.Ambiguous), $"seed {_seed} ({_format}): a failure repeats one batch");
            File.Exists(In("walk.ndjson")).Should().BeFalse($"seed {_seed}");
        }

        public void Dispose()
        {
            _receiver.Dispose();
            _state.Delete(recursive: true);
        }

        static bool IsPoison(long eid) => eid % 41 == 0;

        async Task<Failure?> CollectAsync(bool quarantineRejected)
        {
            using var limits = RunLimits.Within(TimeSpan.FromMinutes(4), _time);
            using var sink = new WebhookSink(Settings(), _time, Logger.None);
            await using var source = new OpSource(_log, Collecting.Source, In("walk.ndjson"), _time, Logger.None);
            var checkpoints = new CheckpointFile(State, CheckpointFile.Main, Collecting.Source, Logger.None);
            var names = new NameBookFile(State, Collecting.Source);
            var naming = new Naming(names, ListNamesAsync, new EnrichmentSettings(TimeSpan.FromMinutes(3), []), _time, Logger.None);
            var collector = new Collector(source, naming, new Watch(rules: null, onlyFindings: false), limits, _time, Logger.None);
            try
            {
                var quarantine = Quarantine.In(State, _time);
                await collector.CollectAsync(await collector.StartAsync(_start, checkpoints), checkpoints, sink, quarantine, quarantineRejected: quarantineRejected);
                return null;
            }
            catch (OperationCanceledException)
            {
                _failures++;
                return null;
            }
            catch (Failure failure)
            {
                failure.Code.Should().NotBe(ExitCode.Bug, $"seed {_seed}: {failure.Message}");
                _failures++;
                return failure;
            }
        }

        // Names come and go, and no event waits for them.
        Task<IReadOnlyList<NamedThing>> ListNamesAsync(NameKind kind, CancellationToken ct) => _names.Next(3) switch
        {
            0 => throw new Failure(ExitCode.SourceUnavailable, "no names today"),
            1 => Task.FromResult<IReadOnlyList<NamedThing>>([]),
            _ => Task.FromResult<IReadOnlyList<NamedThing>>([new NamedThing("CTHSZQHLERKQXM2YFC3S4U5ZU4", "Alice A", "alice@acme.example")]),
        };

        WebhookSettings Settings()
        {
            var url = new Uri(_receiver.Url);
            return new WebhookSettings(() => url, new FormatSettings(_format, HecSettings.Usual), null, [], new LimitSettings(), null, Timeout, Gzip: false, null, null);
        }

        // What the checkpoint says is delivered, is.
        void ShouldNotBeAhead()
        {
            if (new CheckpointFile(State, CheckpointFile.Main, Collecting.Source, Logger.None).Read() is { } checkpoint)
            {
                _log.Eids.Where(eid => eid > (_start.Eid ?? 0) && eid <= checkpoint.LastEventId)
                    .Except(_receiver.Stored).Except(Quarantined()).Should().BeEmpty($"seed {_seed} ({_format}): the checkpoint is not ahead");
            }
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

        void Clear(string name)
        {
            if (Directory.Exists(In(name)))
            {
                Directory.Delete(In(name), recursive: true);
            }
        }

        StateDirectory State => new(_state.FullName);

        string In(string name) => State.PathOf(name);
    }
}
