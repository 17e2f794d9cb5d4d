using System.Text.Json;
using EventsApiEmulator;
using OpCollector.Configuration;
using OpCollector.Delivery;
using OpCollector.Events;
using OpCollector.Names;
using OpCollector.Sources;
using OpCollector.Sources.EventsApi;
using Serilog.Core;
using SiemEmulator.Faults;

namespace OpCollector.Tests;

/// <summary>
/// Everything fails by a seed: the Events API, the network, the receiver, the disk, and events come late. In the end every event of
/// every stream is accepted or in the quarantine. <c>OPCOLLECTOR_FAULTS</c>, <c>OPCOLLECTOR_PROCESS_FAULTS</c> and
/// <c>OPCOLLECTOR_SEED</c> as in <see cref="FaultRunSpecs"/>.
/// </summary>
[Slow]
public sealed class EventsApiFaultRunSpecs(PostgresServer server) : IClassFixture<PostgresServer>
{
    static IEnumerable<int> InProcess => Seeds.Of("OPCOLLECTOR_FAULTS", first: 40);

    static IEnumerable<int> OtherWays => Seeds.Of("OPCOLLECTOR_FAULTS", first: 12);

    static IEnumerable<int> InPostgres => Seeds.Of("OPCOLLECTOR_FAULTS", first: 12);

    static IEnumerable<int> WithProcesses => Seeds.Of("OPCOLLECTOR_PROCESS_FAULTS", first: 6);

    [Fact]
    public async Task Whatever_fails_every_event_of_each_stream_arrives_or_lies_in_the_quarantine() =>
        await Parallel.ForEachAsync(InProcess, async (seed, _) =>
        {
            using var world = new World(seed);
            await world.SurviveAsync();
        });

    [Fact]
    public async Task Whatever_fails_each_route_has_the_events_of_its_stream() =>
        await Parallel.ForEachAsync(OtherWays, async (seed, _) =>
        {
            using var world = new World(seed, server: null, format: null, Streams.SignIn, Streams.ItemUsage);
            await world.SurviveAsync();
        });

    [Fact]
    public async Task Whatever_fails_a_bucket_has_every_event_of_each_stream() =>
        await Parallel.ForEachAsync(OtherWays, async (seed, _) =>
        {
            using var world = new World(seed, server: null, FaultyReceiver.Bucket);
            await world.SurviveAsync();
        });

    [Fact]
    public async Task Whatever_fails_a_state_in_PostgreSQL_loses_nothing_of_any_stream()
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
    public async Task Whatever_fails_the_shipped_program_loses_nothing_of_any_stream() =>
        await Parallel.ForEachAsync(WithProcesses, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (seed, _) =>
        {
            using var world = new FaultyApiProcesses(seed, FaultyWorld.AllFormats);
            await world.SurviveAsync();
        });

    /// <summary>The streams of the Events API, with everything that can go wrong around them.</summary>
    sealed class World : FaultyWorld
    {
        readonly EventsApi _api = new();
        readonly EventsApiSettings _settings;
        readonly List<(string Feature, long Eid)> _events = [];
        readonly Dictionary<string, List<long>> _inOrder = ApiToken.All.ToDictionary(feature => feature, _ => new List<long>());
        long _last = 1000;

        public World(int seed, PostgresServer? server = null, string? format = null, params string[] routes)
            : base(seed, server, format, routes)
        {
            _api.Order = (CursorOrder)Random.Next(2);
            What = $"seed {seed} ({Format}, {_api.Order})";
            var place = new ConfigurationMember(
                new ConfigurationPlace("opcollector.json", 1, 1),
                "source.eventsApi.token",
                "token",
                JsonTokenType.String,
                "x",
                owner: null);
            var streams = EventStream.All.Select(stream => new StreamSettings(stream, TimeSpan.FromHours(48), TimeSpan.FromTicks(1)));
            _settings = new EventsApiSettings(new TokenSettings(place, null, null), null, [.. streams], Random.Next(5, 120));
        }

        protected override string SourceName => StreamPositions.AnyAccount;

        protected override StartingPoint Start { get; } = new("30d", Ago: TimeSpan.FromDays(30));

        public override void Dispose()
        {
            _api.Dispose();
            base.Dispose();
        }

        protected override void Grow()
        {
            foreach (var feature in ApiToken.All)
            {
                var from = Time.GetUtcNow();
                var count = Random.Next(0, IsSlow ? 40 : 150);
                Time.Advance(TimeSpan.FromSeconds(count + 1));
                for (var i = 0; i < count; i++)
                {
                    var isLate = Random.Next(8) == 0;
                    Add(feature, isLate ? from.AddMinutes(-Random.Next(1, 40 * 60)) : from.AddSeconds(i), isLate);
                }
            }
        }

        protected override async Task HamperAsync()
        {
            for (var troubles = Random.Next(4); troubles > 0; troubles--)
            {
                _api.With(AnyTrouble() with
                {
                    Feature = Random.Next(2) == 0 ? ApiToken.All[Random.Next(3)] : null,
                    After = Random.Next(6),
                    Times = Random.Next(1, 6),
                });
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
                case 3 when State.Names("seen-audit-", ".bin") is [var seen, ..]:
                    await File.AppendAllTextAsync(In(seen), "torn");
                    break;
                case 4 when State.Names("seen-itemusage-", ".bin") is [var seen, ..]:
                    File.Delete(In(seen));
                    break;
                case 5:
                    _api.ForgetCursors();
                    break;
                case 6:
                    Obstruct($"seen-signin-{Time.GetUtcNow():yyyy-MM-dd}.bin");
                    break;
            }
        }

        SecretTokenReader StoredToken(ConfigurationMember place) =>
            new(new EnvironmentSecret(place, "T", EnvironmentVariables.None.With("T", _api.Token.Text)));

        protected override void Calm() => _api.Recover();

        protected override Source OpenSource() => new EventsApiSource(
            _settings,
            Start,
            StoredToken(_settings.Token.Place),
            new EventsApiMemory.CheckMemory(State),
            State,
            mostCalls: 1,
            Time,
            Logger.None);

        protected override NamingStage OpenNaming() => new(
            new NameBookFile(State, SourceName),
            new NoNames(),
            new EnrichmentSettings(TimeSpan.FromHours(6), []),
            Time,
            Logger.None);

        protected override void ShouldBeWhole()
        {
            foreach (var (route, receiver) in Receivers)
            {
                long[] wanted = [.. _events.Where(each => RouteOf(each.Feature) == route).Select(each => each.Eid)];
                receiver.ShouldHaveSettled(wanted, Quarantined(route), $"{What} {route}");
            }

            foreach (var (feature, inOrder) in _inOrder)
            {
                var receiver = Receivers[RouteOf(feature)];
                if (receiver.IsInOrder)
                {
                    var stream = inOrder.ToHashSet();
                    receiver.Stored.Distinct().Where(stream.Contains).Except(receiver.Spurned).Should().Equal(
                        inOrder.Where(eid => !receiver.Refuses(eid)).Except(receiver.Spurned), $"{What}: {feature} in order");
                }
            }
        }

        string RouteOf(string feature)
        {
            var stream = EventStream.All.Single(each => each.Feature == feature).Name;
            return Receivers.ContainsKey(stream) ? stream : Route.Usual;
        }

        // The receiver keeps its books by eid; the source knows nothing of it.
        void Add(string feature, DateTimeOffset time, bool isLate)
        {
            var eid = ++_last;
            var text = $$"""{"uuid":"{{eid}}","timestamp":"{{time.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffffff}}00Z","eid":{{eid}}}""";
            _api.Add(feature, time, $"{eid}", text);
            _events.Add((feature, eid));
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
    }
}
