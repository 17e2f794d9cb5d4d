using System.Globalization;
using OpCollector.Sources.Op;
using Serilog;
using Serilog.Core;

namespace OpCollector.Tests;

/// <summary>A time found in the log, in about thirty questions, and nothing of that time left out.</summary>
public sealed class OpTimeSearchSpecs : IDisposable
{
    static readonly DateTimeOffset Began = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    // OPCOLLECTOR_HISTORIES=20000 dotnet test … plays more of them; the seed of a failure is printed.
    static IEnumerable<int> Histories => Seeds.Of("OPCOLLECTOR_HISTORIES", first: 100);

    readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("opcollector-test-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Theory]
    [InlineData(1_000, 1)]
    [InlineData(100_000, 1)]
    [InlineData(100_000, 40_000)]
    public async Task About_thirty_questions_are_enough_for_any_history(int events, int step)
    {
        var asked = 0;
        // Event i has the id i × step and happened i minutes after the beginning.
        var search = new OpTimeSearch(new PlayedOp((query, _) =>
        {
            asked++;
            var end = query.Side == LogSide.Newest ? events : Math.Min(events, (query.Eid - 1) / step);
            return Task.FromResult(
                Page(Enumerable.Range(0, 100).Select(i => end - i).Where(i => i > 0).Select(i => (i * step, Began.AddMinutes(i)))));
        }));
        var newest = Page(Enumerable.Range(events - 99, 100).Select(i => ((long)i * step, Began.AddMinutes(i))));

        var before = await search.BeforeAsync(Began.AddMinutes(events / 3), newest, default);

        before.Should().BeInRange(((events / 3) - 1) * (long)step, ((events / 3) * (long)step) - 1);
        asked.Should().BeLessThan(34);
    }

    [Theory]
    [InlineData(RefusalKind.WithAnError)]
    [InlineData(RefusalKind.WithAnEmptyPage)]
    [InlineData(RefusalKind.WithTheNewestPage)]
    public async Task A_server_that_refuses_an_id_that_is_no_event_is_walked_back_over(RefusalKind how)
    {
        var log = new LogModel(NewerMeans.NextAscending, new Random(1));
        Enumerable.Range(1, 900).ToList().ForEach(i => log.Add(i * 50, Began.AddHours(i)));
        var op = new PlayedOp(new ParallelLog(log, new Random(1), how).ListAsync);
        using var walk = Walk(op, "walk");

        var found = await Anchor(op, walk).BetweenAsync(Began.AddHours(300), Began.AddHours(500), default);

        found!.Value.From.Should().BeInRange(297 * 50, (298 * 50) - 1);
        found.Value.To.Should().BeInRange(501 * 50, 502 * 50);
    }

    [Fact]
    public async Task No_history_and_no_server_hides_an_event_of_that_time() =>
        await Parallel.ForEachAsync(Histories, async (seed, _) => await FindAsync(seed));

    async Task FindAsync(int seed)
    {
        var random = new Random(seed);
        var log = new LogModel((NewerMeans)random.Next(4), random, inclusive: random.Next(4) == 0);
        var times = new Dictionary<long, DateTimeOffset>();
        var at = Began;
        foreach (var eid in Support.Histories.Random(random, 1500))
        {
            at += TimeSpan.FromSeconds(random.Next(4) == 0 ? random.Next(0, 40_000) : random.Next(0, 60));
            // Committed late, by less than what is promised.
            log.Add(eid, times[eid] = at.AddMinutes(-random.Next(0, random.Next(10) == 0 ? 60 : 1)));
        }

        var op = new PlayedOp(new ParallelLog(log, new Random(seed), (RefusalKind)Math.Max(0, random.Next(8) - 4)).ListAsync);
        using var walk = Walk(op, $"{seed}");
        var since = Began + (random.NextDouble() * 1.2 * (at - Began));
        var until = random.Next(3) == 0 ? (DateTimeOffset?)null : since + (random.NextDouble() * (at - Began));

        var found = await Anchor(op, walk).BetweenAsync(since, until, default);

        if (times.Count == 0)
        {
            found.Should().BeNull($"seed {seed}");
            return;
        }

        times.Where(each => each.Value >= since && !(each.Value > until)).Select(each => each.Key)
            .Should().NotContain(eid => eid <= found!.Value.From || (until != null && !(eid <= found.Value.To)), $"seed {seed}");
    }

    static OpPage Page(IEnumerable<(long Eid, DateTimeOffset Time)> events) =>
        OpPage.Parse(System.Text.Encoding.UTF8.GetBytes(
            $"[{string.Join(',', events.Select(each => Account.Event(each.Eid, each.Time)))}]"));

    OpWalk Walk(Op op, string name) => new(op, SourceRuns.Source, Path.Combine(_directory.FullName, name), Logger.None);

    static OpBeginnings Anchor(Op op, OpWalk walk) => new(op, walk, SourceRuns.Source, TimeProvider.System, Logger.None);
}
