using System.Diagnostics.CodeAnalysis;
using Npgsql;
using OpCollector.Checkpoints;
using OpCollector.Delivery;
using OpCollector.Detection;
using OpCollector.Events;
using OpCollector.Flow;
using OpCollector.Names;
using OpCollector.Sources;
using OpCollector.Sources.Op;
using OpCollector.Storage;
using OpCollector.Storage.Postgres;
using Serilog.Core;

namespace OpCollector.Tests.Support;

/// <summary>
/// A collector over a log that is played, whose state is in PostgreSQL: any number of hosts run it, each with a connection of its own, and
/// a sink remembers everything they deliver.
/// </summary>
internal sealed class PostgresWorld : IDisposable
{
    const int Page = 100;
    const string Source = "op:acme";

    static int _worlds;

    readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("opcollector-test-");
    [SuppressMessage("Usage", "CA2213", Justification = "The source that reads it disposes of it.")]
    readonly LogModel _log = new(NewerMeans.NextAscending, new Random(1), Page);
    PostgresServer _server;
    long _last;

    public PostgresWorld(PostgresServer server)
    {
        PostgresServer.SkipWithout();
        _server = server;
    }

    public string Schema { get; } = $"world_{Interlocked.Increment(ref _worlds)}";

    /// <summary>What was delivered, batch by batch.</summary>
    public List<long[]> Batches { get; } = [];

    public long[] Delivered => [.. Batches.SelectMany(batch => batch)];

    /// <summary>Done when a batch was taken, and is not in the checkpoint yet.</summary>
    public Action<int> OnDelivered { get; set; } = _ => { };

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>More happens.</summary>
    public void Grow(int count)
    {
        for (; count > 0; count--)
        {
            _log.Add(++_last, DateTimeOffset.UtcNow);
        }
    }

    /// <summary>A run of one host.</summary>
    public async Task<RunOutcome> RunAsync(string? connection = null, string host = "one")
    {
        using var session = Session(connection ?? _server.Connection);
        var walks = new StateDirectory(Path.Combine(_directory.FullName, host));
        var state = new PostgresState(session, "acme", walks, TimeSpan.FromMinutes(5));
        try
        {
            state.Ensure();
            using var held = state.TryHold("collect", TimeSpan.FromMinutes(12), Time);
            if (held is null)
            {
                return RunOutcome.Left;
            }

            await CollectAsync(state, host);
            return RunOutcome.Well;
        }
        catch (Failure failure)
        {
            return new RunOutcome(failure);
        }
    }

    /// <summary>From now on another server is asked.</summary>
    public void MoveTo(PostgresServer server) => _server = server;

    /// <summary>Lets so much time go by for the database that every lease is over.</summary>
    public void LetLeasesEnd() => _server.Ask($"UPDATE {Schema}.lease SET until = clock_timestamp()");

    /// <summary>The next run, once the lease of the one that died is over: with it everything is whole.</summary>
    public async Task GoOnAsync(int failures, string because)
    {
        var before = Batches.Count == 0 ? null : Position();
        if (_server.Ask($"SELECT to_regclass('{Schema}.lease') IS NOT NULL") is true)
        {
            LetLeasesEnd();
        }

        var next = await RunAsync();
        next.Should().Be(RunOutcome.Well, $"{because}: {next.Failure?.Message}");
        Position().Should().BeGreaterThanOrEqualTo(before ?? 0, $"{because}: the checkpoint never goes back");
        ShouldBeWhole(failures, because);
    }

    /// <summary>Every event was delivered or lies in the quarantine, in order, and a failure has repeated a batch at most.</summary>
    public void ShouldBeWhole(int failures, string because)
    {
        var (all, refused) = (_log.Eids.Where(eid => !IsPoison(eid)).ToArray(), _log.Eids.Where(IsPoison).ToArray());
        Delivered.Distinct().Should().Equal(all, $"{because}: every event, in order");
        (Delivered.Length - all.Length).Should().BeLessThanOrEqualTo(failures * Page, $"{because}: at most one batch is repeated");
        Quarantined().Should().Equal(refused, $"{because}: the quarantine is whole");
    }

    public long[] Quarantined()
    {
        using var session = Session(_server.Connection);
        return [.. new QuarantineTable(new PostgresState(session, "acme", null, TimeSpan.Zero), Time).Items()
            .Select(item => long.Parse(item.Id, System.Globalization.CultureInfo.InvariantCulture))];
    }

    /// <summary>How far the checkpoint is; null before the first.</summary>
    public long? Position()
    {
        using var session = Session(_server.Connection);
        var state = new PostgresState(session, "acme", null, TimeSpan.Zero);
        return (new CheckpointFile(state, CheckpointFile.Main, Source, Logger.None).Read()?.Position as OpPosition)?.LastEventId;
    }

    public void Dispose()
    {
        NpgsqlConnection.ClearAllPools();
        _directory.Delete(recursive: true);
    }

    PostgresSession Session(string connection) => new(PostgresAddress.Parse(connection), Schema, Time);

    async Task CollectAsync(PostgresState state, string host)
    {
        using var limits = RunLimits.Within(TimeSpan.FromMinutes(4), Time);
        using var routes = SingleRoute.To(new Remembering(this));
        var walk = new OpWalk(_log, Source, Path.Combine(_directory.FullName, host, "walk.ndjson"), Logger.None);
        await using var source = new OpSource(_log, walk, Source, Time, Logger.None);
        var naming = new NamingStage(
            new NameBookFile(state, Source),
            new NoNames(),
            new EnrichmentSettings(TimeSpan.FromHours(6), []),
            Time,
            Logger.None);
        var checkpoints = new CheckpointFile(state, CheckpointFile.Main, Source, Logger.None);
        var collector = new Collector(
            source,
            naming,
            DetectionStages.Nothing(state),
            limits,
            Time,
            Logger.None);
        var begin = await collector.StartAsync(new StartingPoint("oldest", Oldest: true), checkpoints);
        var destination = new Destination(
            routes, new QuarantineTable(state, Time), checkpoints, limits, Time, TotalRejection.EndsTheRun);
        await collector.DeliverAllAsync(begin, destination);
    }

    static bool IsPoison(long eid) => eid % 7 == 0;

    /// <summary>Takes every event but the poisoned ones.</summary>
    sealed class Remembering(PostgresWorld world) : Sink
    {
        public override string Name => "a list";

        public override string? Fingerprint => "list";

        public override Task<Receipt> DeliverAsync(Batch batch, RunLimits limits)
        {
            var taken = batch.Events.Where(each => !IsPoison(each.Eid)).ToArray();
            var refused = batch.Events.Where(each => IsPoison(each.Eid))
                .Select(each => new RejectedEvent(each, Verdict.Rejected, "said no", 400))
                .ToArray();
            int count;
            lock (world.Batches)
            {
                world.Batches.Add([.. taken.Select(each => each.Eid)]);
                count = world.Batches.Count;
            }

            world.OnDelivered(count);
            return Task.FromResult(new Receipt(taken, refused));
        }

        public override Task<string> CheckAsync(CancellationToken ct) => Task.FromResult("there");
    }
}

/// <summary>How a run ended.</summary>
/// <param name="HasLeft">Whether it left the work to another.</param>
internal sealed record RunOutcome(Failure? Failure, bool HasLeft = false)
{
    public static readonly RunOutcome Well = new(Failure: null);

    public static readonly RunOutcome Left = new(Failure: null, HasLeft: true);

    public ExitCode Code => Failure?.Code ?? ExitCode.Done;
}
