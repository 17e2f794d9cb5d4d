using System.Globalization;
using OpCollector.Sources;
using OpCollector.Sources.Op;
using Serilog.Core;
using Serilog.Events;

namespace OpCollector.Tests;

/// <summary>Several ranges of the log read at once, and delivered as if they had been read one after the other.</summary>
public sealed class OpRangesSpecs
{
    // OPCOLLECTOR_HISTORIES=20000 dotnet test … plays more of them; the seed of a failure is printed.
    static IEnumerable<int> Histories => Seeds.Of("OPCOLLECTOR_HISTORIES", first: 100);

    public static TheoryData<NewerMeans> Servers => [.. Enum.GetValues<NewerMeans>()];

    public static TheoryData<RefusalKind> Refusals => [RefusalKind.WithAnError, RefusalKind.WithAnEmptyPage, RefusalKind.WithTheNewestPage];

    [Theory, MemberData(nameof(Servers))]
    public async Task What_is_read_at_once_is_delivered_in_order(NewerMeans newer)
    {
        var log = Log(newer, 2000);
        var source = new ParallelLog(log, new Random(1));
        using var collecting = Backfill(source, log.Eids.First(), to: log.Eids.ElementAt(1500));

        await collecting.RunAsync(new StartingPoint(""));

        collecting.Delivered.Should().Equal(log.Eids.Skip(1).Take(1500));
        collecting.Batches.Should().OnlyContain(batch => batch.Length <= OpPage.Full);
        source.MostUnderWay.Should().BeInRange(2, 2 * 4);
        collecting.Log.Should().NotContain(each => each.Level >= LogEventLevel.Warning);
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task The_newest_events_of_the_log_are_delivered_too(NewerMeans newer)
    {
        var log = Log(newer, 700);
        using var collecting = Backfill(new ParallelLog(log, new Random(1)), log.Eids.First(), to: log.Eids.Last());

        await collecting.RunAsync(new StartingPoint(""));

        collecting.Delivered.Should().Equal(log.Eids.Skip(1));
    }

    [Fact]
    public async Task An_even_history_takes_few_calls_more_than_it_has_pages()
    {
        var log = new LogModel(NewerMeans.Newest, new Random(1));
        Enumerable.Range(0, 60_001).ToList().ForEach(i => log.Add(1000 + (7 * i)));

        var calls = await CallsAsync(log, parallel: 4);

        calls.Should().BeLessThanOrEqualTo(600 * 105 / 100);
    }

    /// <summary>Ranges of one page each, made as wide as the last one was, took three to six calls for each page of such a log.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public async Task Days_and_nights_take_some_calls_more(int parallel)
    {
        var (log, random, next) = (new LogModel(NewerMeans.NextAscending, new Random(1)), new Random(2), 1000L);
        for (var day = 0; day < 20; day++)
        {
            for (var i = random.Next(200, 2000); i > 0; i--)
            {
                log.Add(next += random.Next(1, 40));
            }

            next += 100_000;
        }

        var calls = await CallsAsync(log, parallel);

        calls.Should().BeLessThan(log.Eids.Count / OpPage.Full * 3 / 2);
    }

    static async Task<int> CallsAsync(LogModel log, int parallel)
    {
        using var collecting = Backfill(new ParallelLog(log, new Random(1)), log.Eids.First(), to: log.Eids.Last());
        collecting.Parallel = parallel;
        await collecting.RunAsync(new StartingPoint(""));
        collecting.Delivered.Should().Equal(log.Eids.Skip(1));
        return log.Asked;
    }

    [Fact]
    public async Task A_busy_time_between_quiet_ones_is_cut_to_pieces_and_little_is_asked_for_in_vain()
    {
        var (log, next) = (new LogModel(NewerMeans.NextAscending, new Random(1)), 1000L);
        Enumerable.Range(0, 300).ToList().ForEach(_ => log.Add(next += 1_000_000));
        Enumerable.Range(0, 20_000).ToList().ForEach(_ => log.Add(next += 1));
        Enumerable.Range(0, 300).ToList().ForEach(_ => log.Add(next += 1_000_000));

        var calls = await CallsAsync(log, parallel: 4);

        // How many depends on the order in which answers come; ranges of one page took three to six for each page.
        calls.Should().BeLessThan(206 * 5 / 2);
    }

    [Fact]
    public async Task A_server_that_shows_less_of_what_is_below_an_id_that_is_no_event_is_made_up_for()
    {
        var log = Log(NewerMeans.NextAscending, 5000);
        var source = new ParallelLog(log, new Random(1))
        {
            Shows = (query, page) => query.Side == LogSide.Older && !log.Eids.Contains(query.Eid) && page.Events.Count == OpPage.Full
                ? page with { Events = [.. page.Events.Where((_, index) => index is 0 or > 3)] }
                : page,
        };
        using var collecting = Backfill(source, log.Eids.First(), to: log.Eids.Last());

        await collecting.RunAsync(new StartingPoint(""));

        collecting.Delivered.Should().Equal(log.Eids.Skip(1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(318_000_000)]
    public async Task A_log_that_begins_far_above_the_start_is_found_and_a_gap_in_it_is_crossed(long from)
    {
        var log = new LogModel(NewerMeans.NextAscending, new Random(1));
        Enumerable.Range(0, 500).ToList().ForEach(i => log.Add(319_000_001 + i));
        Enumerable.Range(0, 500).ToList().ForEach(i => log.Add(3_900_000_000_000 + (i * 1000)));
        using var collecting = Backfill(new ParallelLog(log, new Random(1)), from, to: long.MaxValue);

        await collecting.RunAsync(new StartingPoint(""));

        collecting.Delivered.Should().Equal(log.Eids);
        log.Asked.Should().BeLessThan(400);
        collecting.Log.Count(each => each.Level == LogEventLevel.Warning).Should().Be(from > 0 ? 1 : 0, "it is told where the log begins");
    }

    [Theory, MemberData(nameof(Refusals))]
    public async Task A_server_that_refuses_an_id_that_is_no_event_is_read_one_page_after_the_other(RefusalKind how)
    {
        var log = Log(NewerMeans.NextAscending, 900);
        using var collecting = Backfill(new ParallelLog(log, new Random(1), how), log.Eids.First() + 1, to: log.Eids.Last());

        await collecting.RunAsync(new StartingPoint(""));

        collecting.Delivered.Should().Equal(log.Eids.Skip(1));
        collecting.Log.Where(each => each.Level == LogEventLevel.Warning).Should().ContainSingle()
            .Which.RenderMessage(CultureInfo.InvariantCulture).Should().Contain("one call after the other");
    }

    [Fact]
    public async Task A_server_that_leaves_something_out_is_found_out()
    {
        var log = Log(NewerMeans.NextAscending, 900);
        var hidden = log.Eids.Skip(600).Take(120).ToHashSet();
        var source = new ParallelLog(log, new Random(1))
        {
            // From an id that is no event it shows less than it has, and more than a page is missing.
            Shows = (query, page) => query.Side == LogSide.Older && !log.Eids.Contains(query.Eid) && query.Eid > hidden.Max() + 200
                ? page with { Events = [.. page.Events.Where(each => !hidden.Contains(each.Eid))] }
                : page,
        };
        using var collecting = Backfill(source, log.Eids.First(), to: log.Eids.Last());

        await collecting.RunAsync(new StartingPoint(""));

        collecting.Delivered.Should().Equal(log.Eids.Skip(1));
    }

    [Fact]
    public async Task A_call_that_fails_once_is_asked_again_and_the_others_go_on()
    {
        var log = Log(NewerMeans.NextAscending, 12_000);
        var source = new ParallelLog(log, new Random(3));
        using var collecting = Backfill(source, log.Eids.First(), to: log.Eids.Last());
        var hasFailed = false;
        source.Meanwhile = () =>
        {
            source.FailsOneIn = log.Asked == 80 && !hasFailed ? 1 : 0;
            hasFailed |= source.FailsOneIn > 0;
        };

        await collecting.RunAsync(new StartingPoint(""));

        collecting.Delivered.Should().Equal(log.Eids.Skip(1));
        collecting.Log.Select(each => each.Level).Should().Equal(LogEventLevel.Information);
    }

    [Fact]
    public async Task Op_is_asked_on_while_a_page_is_delivered()
    {
        var log = Log(NewerMeans.NextAscending, 12_000);
        var goesOn = new TaskCompletionSource();
        var source = new ParallelLog(log, new Random(1))
        {
            Meanwhile = () =>
            {
                // Nearly all that may wait: without being asked for more pages, op is asked until then.
                if (log.Asked > 50)
                {
                    goesOn.TrySetResult();
                }
            },
        };
        await using var op = new PlayedOp(source.ListAsync) { Parallel = 4 };
        await using var pages = new OpRanges(op, Logger.None)
            .PagesAsync(OpPosition.At(SourceRuns.Source, log.Eids.First()), log.Eids.Last(), default)
            .GetAsyncEnumerator();

        (await pages.MoveNextAsync()).Should().BeTrue();

        await goesOn.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task No_more_is_read_than_may_wait_for_a_slow_sink()
    {
        var log = Log(NewerMeans.NextAscending, 30_000);
        await using var op = new PlayedOp(new ParallelLog(log, new Random(1)).ListAsync) { Parallel = 2 };
        var ahead = new OpRangesAhead(op, new OpRange(log.Eids.First(), log.Eids.Last()), new EventSpacing(20), default);

        await ahead.NextAsync();
        await ahead.EndAsync().WaitAsync(TimeSpan.FromSeconds(30));

        log.Asked.Should().BeLessThan(64, "sixteen pages for each call wait, the range that was given out, and the one begun in its place");
    }

    // What calls under way bring counts as well: else it is thrown away, and asked for again.
    [Fact]
    public async Task Large_pages_behind_a_slow_sink_are_asked_for_once()
    {
        var log = Log(NewerMeans.NextAscending, 10_000);
        var source = new ParallelLog(log, new Random(1));
        await using var op = new PlayedOp(async (query, ct) => Enlarged(await source.ListAsync(query, ct), to: 5_000)) { Parallel = 16 };
        var ahead = new OpRangesAhead(op, new OpRange(log.Eids.First(), log.Eids.Last()), new EventSpacing(20), default);

        while (await ahead.NextAsync() is not null)
        {
            await ahead.EndAsync().WaitAsync(TimeSpan.FromSeconds(30));
        }

        log.Asked.Should().BeLessThan(128, "the log has a hundred pages");
    }

    static OpPage Enlarged(OpPage page, int to) =>
        page with { Events = [.. page.Events.Select(each => each with { Bytes = new byte[to] })] };

    [Fact]
    public async Task A_server_that_cannot_be_asked_at_all_ends_the_run()
    {
        var log = Log(NewerMeans.NextAscending, 900);
        var source = new ParallelLog(log, new Random(1)) { Meanwhile = () => { } };
        using var collecting = Backfill(source, log.Eids.First(), to: log.Eids.Last());
        source.Meanwhile = () => source.FailsOneIn = log.Asked > 6 ? 1 : 0;

        var run = async () => await collecting.RunAsync(new StartingPoint(""));

        (await run.Should().ThrowAsync<Failure>()).Which.Code.Should().Be(ExitCode.SourceUnavailable);
        collecting.Delivered.Should().Equal(log.Eids.Skip(1).Take(collecting.Delivered.Count()));
    }

    [Fact]
    public async Task An_event_that_appears_late_next_to_the_next_range_is_delivered()
    {
        var log = Log(NewerMeans.NextAscending, 3000);
        var source = new ParallelLog(log, new Random(1));
        using var collecting = Backfill(source, log.Eids.First(), to: log.Eids.Last());
        var late = log.Eids.Last() - 30;
        source.Meanwhile = () =>
        {
            if (collecting.Batches.Count > 30)
            {
                log.Add(late);
            }
        };

        await collecting.RunAsync(new StartingPoint(""));

        log.Eids.Should().Contain(late);
        collecting.Delivered.Order().Should().Equal(log.Eids.Skip(1));
    }

    [Fact]
    public async Task No_history_no_server_and_no_interruption_loses_an_event_or_its_place() =>
        await Parallel.ForEachAsync(Histories, async (seed, _) => await SurviveAsync(seed));

    /// <summary>Runs that are cut off and killed, with another number of calls at once each time; then one in peace.</summary>
    static async Task SurviveAsync(int seed)
    {
        var random = new Random(seed);
        var log = new LogModel((NewerMeans)random.Next(4), random, inclusive: random.Next(4) == 0);
        Support.Histories.Random(random, 2000).ForEach(eid => log.Add(eid));
        var source = new ParallelLog(log, new Random(seed + 1), (RefusalKind)Math.Max(0, random.Next(12) - 8));
        var all = log.Eids.ToArray();
        var from = all.Length == 0 || random.Next(4) == 0 ? 0 : all[random.Next(all.Length)] + random.Next(-1, 2);
        var to = all.Length == 0 || random.Next(4) == 0
            ? long.MaxValue
            : Math.Max(from + 1, all[random.Next(all.Length)] + random.Next(-1, 2));
        using var collecting = Backfill(source, from, to);
        var kills = 0;
        for (var run = random.Next(0, 5); run > 0; run--)
        {
            var isKilled = random.Next(2) == 0;
            collecting.Parallel = random.Next(1, 10);
            log.FailsAt = random.Next(3) == 0 ? log.Asked + random.Next(1, 30) : null;
            source.FailsOneIn = random.Next(3) == 0 ? random.Next(2, 40) : 0;
            kills += isKilled ? 1 : 0;
            await RunAsync(isKilled ? random.Next(0, 12) : null);
        }

        (log.FailsAt, source.FailsOneIn, collecting.Parallel) = (null, 0, random.Next(1, 10));
        await RunAsync();

        async Task RunAsync(int? killAfter = null)
        {
            try
            {
                await collecting.RunAsync(new StartingPoint(""), killAfter);
            }
            catch (Failure failure)
            {
                // A position above the whole log is told to be wrong, as ever.
                failure.Code.Should().BeOneOf([ExitCode.SourceUnavailable, ExitCode.Configuration], $"seed {seed}: {failure.Message}");
                (source.FailsOneIn > 0 || from > all.LastOrDefault()).Should().BeTrue($"seed {seed}: {failure.Message}");
            }
        }

        var delivered = collecting.Delivered.ToList();
        delivered.Distinct().Order().Should().Equal(
            all.Where(eid => eid > from && eid <= to), $"seed {seed}: every event, and only what was asked for");
        collecting.Batches.Should().NotContain(batch => batch.Length > OpPage.Full, $"seed {seed}");
        delivered.Distinct().Should().BeInAscendingOrder($"seed {seed}");
        (delivered.Count - delivered.Distinct().Count())
            .Should().BeLessThanOrEqualTo(100 * kills, $"seed {seed}: one batch repeated per kill");
    }

    static SourceRuns Backfill(ParallelLog source, long from, long to) =>
        new(source.ListAsync) { Parallel = 4, To = to, Position = OpPosition.At(SourceRuns.Source, from) };

    static LogModel Log(NewerMeans newer, int count)
    {
        var (log, random, next) = (new LogModel(newer, new Random(1)), new Random(2), 1000L);
        for (var i = 0; i < count; i++)
        {
            log.Add(next += random.Next(1, 40));
        }

        return log;
    }
}
