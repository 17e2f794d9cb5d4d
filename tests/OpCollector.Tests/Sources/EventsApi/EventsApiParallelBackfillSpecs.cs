using System.Text.Json.Nodes;
using EventsApiEmulator;
using SiemEmulator.Faults;

namespace OpCollector.Tests;

/// <summary>
/// A backfill of the Events API in stretches of time that are read side by side: what arrives is the same, in the same order.
/// </summary>
public sealed class EventsApiParallelBackfillSpecs : IDisposable
{
    static readonly int[] AtOnce = [2, 8, 16];

    readonly EventsApi _api = new();
    readonly Sandbox _host = new();
    readonly Receiver _receiver = new();

    public EventsApiParallelBackfillSpecs()
    {
        _host.From(_api).To(_receiver);
        _host.Configuration["source"]!["eventsApi"]!["limit"] = 20;
        _host.Configuration["maxRunTime"] = "30s";
    }

    public void Dispose()
    {
        _receiver.Dispose();
        _host.Dispose();
        _api.Dispose();
    }

    string[] Delivered => [.. _receiver.Requests.Where(request => request.IsAccepted)
        .SelectMany(request => JsonNode.Parse(request.Body)!.AsArray().Select(each => (string)each!["uuid"]!))];

    string[] Leftovers => [.. Directory.GetFiles(_host.State(""), "backfill-*.json")];

    Task<FinishedRun> BackfillAsync(int parallel, string since = "20d") =>
        _host.RunAsync("backfill", "--since", since, "--stream", "audit", "--parallel", $"{parallel}");

    // Quiet nights, busy days, and an hour in which somebody imports: in the order of time.
    string[] AddHistory(int seed)
    {
        var random = new Random(seed);
        var time = DateTimeOffset.UtcNow.AddDays(-18);
        var uuids = new List<string>();
        while (uuids.Count < 600)
        {
            var (count, step) = random.Next(4) switch
            {
                0 => (1, TimeSpan.FromHours(20)),
                1 => (70, TimeSpan.FromMilliseconds(5)),
                2 => (25, TimeSpan.FromMilliseconds(300)),
                _ => (30, TimeSpan.FromMinutes(2)),
            };
            for (var i = 0; i < count && time < DateTimeOffset.UtcNow.AddHours(-1); i++, time += step)
            {
                uuids.Add(_api.Add("auditevents", time));
            }

            if (time >= DateTimeOffset.UtcNow.AddHours(-1))
            {
                break;
            }
        }

        return [.. uuids];
    }

    public static IEnumerable<TheoryDataRow<int, int>> Histories() =>
        from seed in Seeds.Of("OPCOLLECTOR_STRETCHES", first: 6)
        from parallel in AtOnce
        select new TheoryDataRow<int, int>(seed, parallel);

    [Theory]
    [MemberData(nameof(Histories))]
    public async Task Every_event_arrives_once_and_in_order(int seed, int parallel)
    {
        var all = AddHistory(seed);

        var run = await BackfillAsync(parallel);

        run.ExitCode.Should().Be(0, run.Stderr);
        Delivered.Should().Equal(all);
        Leftovers.Should().BeEmpty();
    }

    [Theory]
    [InlineData(2)]
    [InlineData(6)]
    public async Task So_many_calls_of_a_stream_are_under_way_at_once(int parallel)
    {
        AddHistory(1);
        using var together = new CountdownEvent(parallel);
        _api.OnRequest = feature =>
        {
            if (feature == "auditevents" && !together.IsSet)
            {
                together.Signal();
                together.Wait(TimeSpan.FromSeconds(20));
            }
        };

        var run = await BackfillAsync(parallel);

        run.ExitCode.Should().Be(0, run.Stderr);
        together.IsSet.Should().BeTrue();
    }

    [Theory]
    [InlineData("130d")]
    [InlineData("365d")]
    [InlineData("0001-01-01")]
    public async Task What_1Password_no_longer_has_is_not_cut_into_stretches(string since)
    {
        var all = AddHistory(1);

        var run = await BackfillAsync(8, since);

        run.ExitCode.Should().Be(0, run.Stderr);
        Delivered.Should().Equal(all);
        _api.Requests.Count.Should().BeLessThan(all.Length);
    }

    [Theory]
    [InlineData(8, 1)]
    [InlineData(8, 3)]
    [InlineData(1, 8)]
    public async Task Interrupted_it_goes_on_with_as_many_calls_as_are_wanted_then(int first, int then)
    {
        var all = AddHistory(3);
        for (var requests = 0; requests < 7; requests++)
        {
            _receiver.Then(Receiver.Answer.Of(200));
        }

        _receiver.Otherwise = Receiver.Answer.Of(401);
        var refused = await BackfillAsync(first, "2026-11-01");
        _receiver.Otherwise = Receiver.Answer.Of(200);

        var resumed = await BackfillAsync(then, "2026-11-01");

        (refused.ExitCode, resumed.ExitCode).Should().Be((77, 0), resumed.Stderr);
        Delivered.Distinct().Should().Equal(all);
        Delivered.Length.Should().BeLessThan(all.Length + 100);
        Leftovers.Should().BeEmpty();
    }

    [Theory]
    [InlineData("a cursor that is no longer good")]
    [InlineData("a server that has trouble")]
    [InlineData("an answer that breaks off")]
    [InlineData("a page that is none")]
    public async Task What_goes_wrong_ahead_is_asked_again_in_its_turn(string what)
    {
        var all = AddHistory(2);
        var asked = 0;
        _api.With(what switch
        {
            "a server that has trouble" => Trouble.Answer(500) with { After = 5, Times = 2 },
            "an answer that breaks off" => Trouble.OnTheWire(Manner.ShortLength) with { After = 5, Times = 2 },
            "a page that is none" => Trouble.Answer(200, "{}", "Content-Type: application/json") with { After = 5, Times = 2 },
            _ => Trouble.Answer(200) with { After = int.MaxValue },
        });
        _api.OnRequest = _ =>
        {
            if (Interlocked.Increment(ref asked) == 9 && what == "a cursor that is no longer good")
            {
                _api.ForgetCursors();
            }
        };

        var runs = new List<FinishedRun> { await BackfillAsync(8, "2026-11-01") };
        while (runs[^1].ExitCode == 65 && runs.Count < 3)
        {
            runs.Add(await BackfillAsync(8, "2026-11-01"));
        }

        runs[^1].ExitCode.Should().Be(0, runs[^1].Stderr);
        Delivered.Distinct().Should().Equal(all);
        Leftovers.Should().BeEmpty();
    }

    [Fact]
    public async Task A_token_that_is_refused_is_refused_once()
    {
        AddHistory(1);
        _api.With(Trouble.Answer(401, """{"status":401,"message":"no"}""") with { Feature = "auditevents", Times = int.MaxValue });

        var run = await BackfillAsync(8);

        run.ExitCode.Should().Be(77);
        var memory = JsonNode.Parse(await File.ReadAllTextAsync(_host.State("events-api.json")))!;
        ((int)memory["refusals"]!["audit"]!["times"]!).Should().Be(1);
    }
}
