using System.Globalization;
using OpCollector.Sources;
using OpCollector.Sources.Op;

namespace OpCollector.Tests;

/// <summary>Paging without holes, whatever the server means by "newer".</summary>
public sealed class OpSourceSpecs
{
    // OPCOLLECTOR_HISTORIES=20000 dotnet test … plays more of them; the seed of a failure is printed.
    static IEnumerable<int> Histories => Seeds.Of("OPCOLLECTOR_HISTORIES", first: 100);

    static readonly StartingPoint Oldest = new("oldest", Oldest: true);
    static readonly StartingPoint Latest = new("latest");

    public static TheoryData<NewerMeans> Servers => [.. Enum.GetValues<NewerMeans>()];

    [Theory, MemberData(nameof(Servers))]
    public async Task A_first_run_from_the_oldest_event_delivers_the_whole_log_in_order(NewerMeans newer)
    {
        var log = Log(newer, 1234);
        using var collecting = new SourceRuns(log.ListAsync);

        await collecting.RunAsync(Oldest);

        collecting.Delivered.Should().Equal(log.Eids);
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task A_run_after_a_long_pause_delivers_everything_since_in_order(NewerMeans newer)
    {
        var log = Log(newer, 80);
        using var collecting = new SourceRuns(log.ListAsync);
        await collecting.RunAsync(Latest);
        Grow(log, 777);

        await collecting.RunAsync(Latest);

        collecting.Delivered.Should().Equal(log.Eids.Skip(80));
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task An_idle_run_asks_once(NewerMeans newer)
    {
        var log = Log(newer, 60);
        using var collecting = new SourceRuns(log.ListAsync);
        await collecting.RunAsync(Oldest);
        collecting.Position = collecting.Position!.Pruned(DateTimeOffset.UtcNow.AddHours(1));
        var before = log.Asked;

        await collecting.RunAsync(Oldest);

        (log.Asked - before).Should().Be(1);
        collecting.Delivered.Should().Equal(log.Eids);
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task A_late_event_with_a_lower_id_is_delivered_when_it_appears(NewerMeans newer)
    {
        var log = Log(newer, 300);
        using var collecting = new SourceRuns(log.ListAsync);
        await collecting.RunAsync(Oldest);
        var late = log.Eids.ElementAt(270) + 1;
        log.Add(late);

        await collecting.RunAsync(Oldest);

        collecting.Batches[^1].Should().Equal(late);
        collecting.Position!.LastEventId.Should().Be(log.Eids.Last());
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task A_bare_position_is_enough_to_begin_from(NewerMeans newer)
    {
        var log = Log(newer, 450);
        using var collecting = new SourceRuns(log.ListAsync);

        // Between two ids: nobody has an event with this one.
        await collecting.RunAsync(new StartingPoint("1003", Eid: log.Eids.ElementAt(199) + 1));

        collecting.Delivered.Should().Equal(log.Eids.Skip(200));
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task A_log_that_was_empty_at_the_first_run_is_wanted_from_its_first_event_on(NewerMeans newer)
    {
        var log = Log(newer, 0);
        using var collecting = new SourceRuns(log.ListAsync);
        await collecting.RunAsync(Latest);
        Grow(log, 230);

        await collecting.RunAsync(Latest);

        collecting.Delivered.Should().Equal(log.Eids);
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task New_events_behind_a_full_page_of_known_ones_are_not_overlooked(NewerMeans newer)
    {
        var log = Log(newer, 101);
        using var collecting = new SourceRuns(log.ListAsync);
        await collecting.RunAsync(Oldest);
        Grow(log, 50);

        await collecting.RunAsync(Oldest);

        collecting.Delivered.Should().Equal(log.Eids);
    }

    [Fact]
    public async Task A_start_some_time_ago_begins_at_the_first_event_since_then()
    {
        var log = new LogModel(NewerMeans.Newest, new Random(1));
        var now = DateTimeOffset.UtcNow;
        Enumerable.Range(1, 600).ToList().ForEach(i => log.Add(i, now.AddMinutes(i - 600)));
        using var collecting = new SourceRuns(log.ListAsync);

        await collecting.RunAsync(new StartingPoint("4h", Ago: TimeSpan.FromHours(4)));

        collecting.Delivered.Should().Equal(log.Eids.Skip(360));
    }

    [Fact]
    public async Task A_walk_that_was_cut_off_goes_on_below_its_lowest_event()
    {
        var log = Log(NewerMeans.Newest, 3000);
        using var collecting = new SourceRuns(log.ListAsync);
        log.FailsAt = 16;
        await collecting.RunAsync(Oldest);
        var asked = log.Asked;

        await collecting.RunAsync(Oldest);

        collecting.Delivered.Should().Equal(log.Eids);
        (log.Asked - asked).Should().BeLessThan(20, "the first half of the walk was kept");
        File.Exists(collecting.WalkFile).Should().BeFalse();
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task A_log_that_no_longer_shows_what_was_read_stops_the_run(NewerMeans newer)
    {
        var log = Log(newer, 60);
        using var collecting = new SourceRuns(log.ListAsync);
        await collecting.RunAsync(Oldest);
        log.ForgetBelow(log.Eids.ElementAt(30));

        var run = async () => await collecting.RunAsync(Oldest);

        (await run.Should().ThrowAsync<Failure>()).Which.Code.Should().Be(ExitCode.SourceUnavailable);
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task An_empty_log_that_was_not_empty_before_stops_the_run(NewerMeans newer)
    {
        var log = Log(newer, 60);
        using var collecting = new SourceRuns(log.ListAsync);
        await collecting.RunAsync(Oldest);
        log.ForgetBelow(long.MaxValue);

        var run = async () => await collecting.RunAsync(Oldest);

        (await run.Should().ThrowAsync<Failure>()).Which.Code.Should().Be(ExitCode.SourceUnavailable);
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task What_retention_has_taken_does_not_stop_the_run(NewerMeans newer)
    {
        var log = new LogModel(newer, new Random(1));
        Enumerable.Range(1, 60).ToList().ForEach(i => log.Add(i, DateTimeOffset.UtcNow.AddDays((i * 6) - 400)));
        using var collecting = new SourceRuns(log.ListAsync);
        await collecting.RunAsync(Oldest);
        log.ForgetBelow(10);
        log.Add(1000);

        await collecting.RunAsync(Oldest);

        collecting.Batches[^1].Should().Equal(1000);
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task A_server_in_trouble_is_not_taken_for_the_bottom_of_the_log(NewerMeans newer)
    {
        var log = Log(newer, 450);
        var isInTrouble = true;
        using var collecting = new SourceRuns((query, ct) =>
            isInTrouble && query.Side == LogSide.Older ? Task.FromResult(OpPage.Empty) : log.ListAsync(query, ct));
        var start = new StartingPoint("", Eid: log.Eids.ElementAt(10));

        var run = async () => await collecting.RunAsync(start);

        (await run.Should().ThrowAsync<Failure>()).Which.Code.Should().Be(ExitCode.SourceUnavailable);
        isInTrouble = false;
        await collecting.RunAsync(start);
        collecting.Delivered.Should().Equal(log.Eids.Skip(11));
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task A_position_above_the_whole_log_does_not_wait_for_ever(NewerMeans newer)
    {
        var log = Log(newer, 60);
        using var collecting = new SourceRuns(log.ListAsync) { Position = OpPosition.At(SourceRuns.Source, log.Eids.Last() * 10) };

        var run = async () => await collecting.RunAsync(Oldest);

        (await run.Should().ThrowAsync<Failure>()).Which.Code.Should().Be(ExitCode.Configuration);
    }

    [Fact]
    public async Task A_server_that_shows_older_events_when_asked_for_newer_ones_stops_the_run()
    {
        var log = Log(NewerMeans.NextAscending, 150);
        using var collecting = new SourceRuns((_, ct) => log.ListAsync(OpQuery.Newest, ct))
        {
            Position = OpPosition.At(SourceRuns.Source, 5000)
        };

        var run = async () => await collecting.RunAsync(Oldest);

        (await run.Should().ThrowAsync<Failure>()).Which.Code.Should().Be(ExitCode.SourceData);
        collecting.Delivered.Should().BeEmpty();
    }

    [Fact]
    public async Task A_server_that_shows_the_same_page_for_ever_stops_the_run()
    {
        var log = Log(NewerMeans.NextAscending, 300);
        using var collecting = new SourceRuns((_, ct) => log.ListAsync(OpQuery.Newer(1), ct))
        {
            Position = OpPosition.At(SourceRuns.Source, 1001)
        };

        var run = async () => await collecting.RunAsync(Oldest);

        (await run.Should().ThrowAsync<Failure>()).Which.Code.Should().Be(ExitCode.SourceData);
        collecting.Delivered.Should().BeEquivalentTo(collecting.Delivered.Distinct());
    }

    [Fact]
    public async Task No_history_no_server_and_no_interruption_loses_an_event_or_its_place() =>
        await Parallel.ForEachAsync(Histories, async (seed, _) => await SurviveAsync(seed));

    /// <summary>Some runs while the log grows, commits late, and runs are cut off and killed; then one in peace.</summary>
    static async Task SurviveAsync(int seed)
    {
        var random = new Random(seed);
        var newer = (NewerMeans)random.Next(4);
        var inclusive = random.Next(4) == 0;
        var log = new LogModel(newer, random, inclusive: inclusive);
        var next = 1L;
        void Append(int count)
        {
            for (var i = 0; i < count; i++)
            {
                log.Add(next += random.Next(1, 9));
            }
        }

        Append(random.Next(0, 400));
        using var collecting = new SourceRuns(log.ListAsync);
        var start = random.Next(2) == 0 ? Oldest : new StartingPoint("", Eid: random.NextInt64(1, next + 1));
        var wanted = start.Eid ?? 0;
        var kills = 0;
        for (var run = random.Next(1, 6); run > 0; run--)
        {
            var isKilled = random.Next(3) == 0;
            log.FailsAt = random.Next(3) == 0 ? log.Asked + random.Next(1, 8) : null;
            kills += isKilled ? 1 : 0;
            await collecting.RunAsync(start, isKilled ? random.Next(0, 4) : null);
            Append(random.Next(0, 350));
            // A late commit: above the oldest id that is still asked from, as a server that commits within minutes gives it.
            if (collecting.Position is { Recent: [var oldest, .., var newest] })
            {
                log.Add(random.NextInt64(oldest.Eid + 1, newest.Eid + 1));
            }
        }

        log.FailsAt = null;
        await collecting.RunAsync(start);
        await collecting.RunAsync(start);

        var delivered = collecting.Delivered.ToList();
        delivered.Distinct().Order().Should().Equal(
            log.Eids.Where(eid => eid > wanted), $"seed {seed}: every event, and only what was asked for");
        collecting.Batches.Should().AllSatisfy(batch => batch.Should().BeInAscendingOrder().And.HaveCountLessThanOrEqualTo(100 + 1));
        (delivered.Count - delivered.Distinct().Count())
            .Should().BeLessThanOrEqualTo(100 * kills, $"seed {seed}: one batch repeated per kill");
        File.Exists(collecting.WalkFile).Should().BeFalse($"seed {seed}: a finished walk is deleted");
    }

    static LogModel Log(NewerMeans newer, int count)
    {
        var log = new LogModel(newer, new Random(1));
        Grow(log, count);
        return log;
    }

    static void Grow(LogModel log, int count)
    {
        var next = log.Eids.LastOrDefault(1000);
        for (var i = 0; i < count; i++)
        {
            log.Add(next += 7);
        }
    }
}
