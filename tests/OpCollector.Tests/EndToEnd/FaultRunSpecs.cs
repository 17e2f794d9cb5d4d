using System.Diagnostics.CodeAnalysis;
using OpCollector.Delivery;
using OpCollector.Detection;
using OpCollector.Events;
using OpCollector.Names;
using OpCollector.Sources;
using OpCollector.Sources.Op;
using Serilog.Core;

namespace OpCollector.Tests;

/// <summary>
/// Everything fails by a seed: source, network, receiver, disk. In the end every event is accepted or in the quarantine, in
/// order, and a failure repeated at most one batch. <c>OPCOLLECTOR_FAULTS=20000 OPCOLLECTOR_PROCESS_FAULTS=2000</c> plays more
/// seeds than an ordinary run, and <c>OPCOLLECTOR_SEED=17</c> one alone.
/// </summary>
[Slow]
public sealed class FaultRunSpecs(PostgresServer server) : IClassFixture<PostgresServer>
{
    static IEnumerable<int> InProcess => Seeds.Of("OPCOLLECTOR_FAULTS", first: 90);

    static IEnumerable<int> OtherWays => Seeds.Of("OPCOLLECTOR_FAULTS", first: 20);

    static IEnumerable<int> InPostgres => Seeds.Of("OPCOLLECTOR_FAULTS", first: 12);

    static IEnumerable<int> WithProcesses => Seeds.Of("OPCOLLECTOR_PROCESS_FAULTS", first: 12);

    [Fact]
    public async Task Whatever_fails_every_event_arrives_or_lies_in_the_quarantine() =>
        await Parallel.ForEachAsync(InProcess, async (seed, _) =>
        {
            using var world = new World(seed);
            await world.SurviveAsync();
        });

    [Fact]
    public async Task Whatever_fails_each_route_has_its_events_and_its_findings() =>
        await Parallel.ForEachAsync(OtherWays, async (seed, _) =>
        {
            using var world = new World(seed, server: null, format: null, Streams.Audit, Route.Findings);
            await world.SurviveAsync();
        });

    [Fact]
    public async Task Whatever_fails_a_bucket_has_every_event() =>
        await Parallel.ForEachAsync(OtherWays, async (seed, _) =>
        {
            using var world = new World(seed, server: null, FaultyReceiver.Bucket);
            await world.SurviveAsync();
        });

    [Fact]
    public async Task Whatever_fails_a_state_in_PostgreSQL_loses_nothing()
    {
        PostgresServer.SkipWithout();
        await Parallel.ForEachAsync(InPostgres, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (seed, _) =>
        {
            using var world = new World(seed, server);
            await world.SurviveAsync();
        });
    }

    /// <summary>The same with real processes, real time and SIGKILL: fewer seeds, all of the program.</summary>
    [Fact]
    public async Task Whatever_fails_the_shipped_program_loses_nothing() =>
        await Parallel.ForEachAsync(WithProcesses, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (seed, _) =>
        {
            using var world = new FaultyProcesses(seed, FaultyWorld.AllFormats);
            await world.SurviveAsync();
        });

    /// <summary>op's log, with everything that can go wrong around it.</summary>
    sealed class World : FaultyWorld
    {
        const int Page = 100;

        static readonly Lazy<Sigma> EveryEvent = new(() => Sigma.Detection("s:\n  action|exists: true\ncondition: s"));

        [SuppressMessage("Usage", "CA2213", Justification = "The source that reads it disposes of it.")]
        readonly LogModel _log;
        readonly Random _names;
        long _last;

        public World(int seed, PostgresServer? server = null, string? format = null, params string[] routes)
            : base(seed, server, format, routes)
        {
            _names = new Random(seed + 2);
            _log = new LogModel((NewerMeans)Random.Next(4), Random);
            What = $"seed {seed} ({Format})";
            Grow();
            Start = Random.Next(2) == 0
                ? new StartingPoint("oldest", Oldest: true)
                : new StartingPoint("", Eid: Random.NextInt64(1, _last + 1));
        }

        protected override string SourceName => SourceRuns.Source;

        protected override StartingPoint Start { get; }

        IEnumerable<long> Wanted => _log.Eids.Where(eid => eid > (Start.Eid ?? 0));

        protected override void Grow()
        {
            for (var count = Random.Next(1, IsSlow ? 120 : 260); count > 0; count--)
            {
                _log.Add(_last += Random.Next(1, 9), Time.GetUtcNow());
            }
        }

        protected override async Task HamperAsync()
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
                    Failures++;
                    break;
                case 3 when File.Exists(In("quarantine.ndjson")):
                    await File.AppendAllTextAsync(In("quarantine.ndjson"), """{"when":"2026-""");
                    break;
            }
        }

        protected override void Calm() => _log.FailsAt = null;

        protected override Source OpenSource() => new OpSource(
            _log, new OpWalk(_log, SourceName, In("walk.ndjson"), Logger.None), SourceName, Time, Logger.None);

        protected override NamingStage OpenNaming() => new(
            new NameBookFile(State, SourceName),
            new PlayedOp(_log.ListAsync) { Names = _ => ListNames() },
            new EnrichmentSettings(TimeSpan.FromMinutes(3), []),
            Time,
            Logger.None);

        // Where there is a route for findings, each event is one.
        protected override DetectionStage OpenDetection() =>
            Receivers.ContainsKey(Route.Findings) ? DetectionStages.With(EveryEvent.Value.Rules, State) : base.OpenDetection();

        protected override void ShouldNotBeAhead()
        {
            if (OpenCheckpoints().Read() is { } checkpoint)
            {
                var done = Wanted.Where(eid => eid <= ((OpPosition)checkpoint.Position).LastEventId);
                foreach (var (route, receiver) in Used)
                {
                    done.Except(receiver.Stored).Except(Quarantined(route))
                        .Should().BeEmpty($"{What} {route}: the checkpoint is not ahead");
                }
            }
        }

        protected override void ShouldBeWhole()
        {
            foreach (var (route, receiver) in Used)
            {
                var arrived = receiver.Stored.Distinct().ToArray();
                receiver.ShouldHaveSettled([.. Wanted], Quarantined(route), $"{What} {route}");
                if (receiver.IsInOrder)
                {
                    arrived.Except(receiver.Spurned).Should().BeInAscendingOrder($"{What} {route}");
                }

                var repeated = receiver.Stored.Count - arrived.Length;
                var disturbed = Failures + Receivers.Values.Sum(each => each.Ambiguous);
                repeated.Should().BeLessThanOrEqualTo(Page * disturbed, $"{What} {route}: a failure repeats one batch");
            }

            File.Exists(In("walk.ndjson")).Should().BeFalse(What);
        }

        // The sink itself gets nothing where each kind has its own.
        IEnumerable<KeyValuePair<string, FaultyReceiver>> Used => Receivers.Where(each => Receivers.Count == 1 || each.Key.Length > 0);

        // Names come and go, and no event waits for them.
        IReadOnlyList<ListedEntity> ListNames() => _names.Next(3) switch
        {
            0 => throw new Failure(ExitCode.SourceUnavailable, "no names today"),
            1 => [],
            _ => [new ListedEntity("CTHSZQHLERKQXM2YFC3S4U5ZU4", "Alice A", "alice@acme.example")],
        };
    }
}
