using System.Globalization;
using System.Text.Json.Nodes;
using EventsApiEmulator;
using SiemEmulator;
using SiemEmulator.Faults;
using SiemEmulator.Receivers;

namespace OpCollector.Tests;

/// <summary>
/// A batch that some of its events hold up, run after run: each run goes on where the one before ended, the innocent arrive, the guilty
/// are put aside, and what is about us puts nothing aside.
/// </summary>
[Slow]
public sealed class StuckBatchSpecs : IDisposable
{
    readonly Sandbox _host = new();

    public void Dispose() => _host.Dispose();

    public static TheoryData<string, string> Patient => new()
    {
        { "json", "429" },
        { "json", "503 later" },
        { "ndjson", "429" },
        { "single", "503 later" },
        { "splunk-hec", "429" },
        { "splunk-hec", "503 busy" },
        { "elasticsearch", "429" },
        { "opensearch", "503 later" },
    };

    [Theory]
    [InlineData("json", 20)]
    [InlineData("json", 0, 1, 2, 38, 39)]
    [InlineData("ndjson", 39)]
    [InlineData("single", 5, 30)]
    [InlineData("splunk-hec", 10, 39)]
    [InlineData("elasticsearch", 0, 10)]
    public async Task A_receiver_that_hangs_on_some_events_gets_all_others_and_the_search_ends(string format, params int[] places)
    {
        using var siem = new Siem(RefusingReceivers.Receiver(format));
        var log = await _host.GrownAsync(siem, format, 3, 40);
        string[] guilty = [.. places.Select(place => $"{log[3 + place]}")];
        siem.With(Fault.Hang().When(ids => ids.Intersect(guilty).Any()).Always());
        _host.Configuration["sink"]!["timeout"] = "1s";
        _host.Configuration["maxRunTime"] = "6s";

        var runs = await RunAsync(30);

        runs.Should().Contain(run => run.ExitCode == 2).And.OnlyContain(run => new[] { 0, 2, 75 }.Contains(run.ExitCode));
        siem.Accepted.Distinct().Should().BeEquivalentTo(Ids(log).Except(guilty));
        siem.Accepted.Should().HaveCountLessThan(log.Length + (2 * guilty.Length) + 1, "what was taken is not sent again by each run");
        Quarantined().Should().BeEquivalentTo(guilty);
        _host.Checkpoint["held"].Should().BeNull();
        (await _host.CollectAsync()).ExitCode.Should().Be(0);
    }

    [Fact]
    public async Task A_run_that_delivered_a_part_of_a_batch_does_not_say_that_it_delivered_nothing()
    {
        using var siem = new Siem(new SingleObject());
        var log = await _host.GrownAsync(siem, "single", 3, 30);
        siem.With(Fault.Slow(TimeSpan.FromMilliseconds(2)).Always());
        _host.Configuration["maxRunTime"] = "5s";

        var first = await _host.CollectAsync("--verbose");
        var taken = siem.Accepted.Count;
        siem.Recover();
        _host.Configuration["maxRunTime"] = Sandbox.EnoughTime;
        var second = await _host.CollectAsync();

        taken.Should().BeInRange(4, log.Length - 1);
        first.ExitCode.Should().Be(0, first.Stderr);
        first.Stderr.Should().NotContain("before anything was delivered").And.Contain("maxRunTime is over");
        second.ExitCode.Should().Be(0, second.Stderr);
        siem.Accepted.Should().Equal(Ids(log));
    }

    [Fact]
    public async Task What_was_taken_counts_for_the_receiver_that_took_it_alone()
    {
        using var siem = new Siem(new SingleObject());
        var log = await _host.GrownAsync(siem, "single", 3, 20);
        siem.With(RefusingReceivers.By("500").Holding($"{log[10]}").Always());
        _host.Configuration["maxRunTime"] = "3s";
        await _host.CollectAsync();
        using var other = new Siem(new SingleObject());
        _host.Configuration["maxRunTime"] = Sandbox.EnoughTime;

        _host.To(other, "single");
        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(0, run.Stderr);
        siem.Accepted.Should().Equal(Ids(log[..10]));
        other.Accepted.Should().Equal(Ids(log[3..]));
    }

    [Theory]
    [MemberData(nameof(Patient))]
    public async Task Events_that_are_put_off_for_ever_are_found_after_three_runs(string format, string how)
    {
        using var siem = new Siem(RefusingReceivers.Receiver(format));
        var log = await _host.GrownAsync(siem, format, 3, 40);
        string[] guilty = [$"{log[13]}", $"{log[20]}"];
        siem.With(RefusingReceivers.By(how).When(ids => ids.Intersect(guilty).Any()).Always());
        _host.Configuration["maxRunTime"] = "4s";
        var runs = await RunAsync(3);
        _host.Configuration["maxRunTime"] = Sandbox.EnoughTime;

        var found = await _host.CollectAsync();

        runs.Should().OnlyContain(run => run.ExitCode == 75);
        found.ExitCode.Should().Be(2, found.Stderr);
        siem.Accepted.Distinct().Should().Equal(Ids(log).Except(guilty));
        Quarantined().Should().Equal(guilty);
    }

    [Theory]
    [InlineData("json", "429")]
    [InlineData("splunk-hec", "503 busy")]
    [InlineData("opensearch", "503 later")]
    public async Task A_receiver_that_really_wants_patience_is_asked_a_dozen_times_and_puts_nothing_aside(string format, string how)
    {
        using var siem = new Siem(RefusingReceivers.Receiver(format));
        var log = await _host.GrownAsync(siem, format, 3, 40);
        siem.With(RefusingReceivers.By(how).Always());
        _host.Configuration["maxRunTime"] = "4s";
        await RunAsync(3);
        var before = siem.Requests.Count;

        var stuck = await _host.CollectAsync();
        var asked = siem.Requests.Count - before;
        siem.Recover();
        _host.Configuration["maxRunTime"] = Sandbox.EnoughTime;
        var mended = await _host.CollectAsync();

        stuck.ExitCode.Should().Be(75, stuck.Stderr);
        asked.Should().BeLessThanOrEqualTo(12);
        _host.Quarantine.Should().BeEmpty();
        mended.ExitCode.Should().Be(0, mended.Stderr);
        siem.Accepted.Should().Equal(Ids(log));
    }

    [Theory]
    [InlineData("json")]
    [InlineData("ndjson")]
    [InlineData("single")]
    [InlineData("splunk-hec")]
    [InlineData("elasticsearch")]
    public async Task A_token_that_is_revoked_behind_a_guilty_event_puts_nothing_aside(string format)
    {
        using var siem = new Siem(RefusingReceivers.Receiver(format));
        var log = await _host.GrownAsync(siem, format, 3, 40);
        siem.With(RefusingReceivers.By("403").Holding($"{log[10]}").Always());
        var isRevoked = false;
        siem.With(RefusingReceivers.By("401").When(_ => isRevoked).Always());
        siem.OnAccepted = ids => isRevoked |= ids.Contains($"{log[20]}");

        var run = await _host.CollectAsync();
        siem.OnAccepted = null;
        isRevoked = false;
        var mended = await _host.CollectAsync();

        run.ExitCode.Should().Be(77, run.Stderr);
        run.LastWords.Should().Contain("401");
        Quarantined().Should().BeSubsetOf([$"{log[10]}"]);
        mended.ExitCode.Should().Be(2, mended.Stderr);
        siem.Accepted.Distinct().Should().BeEquivalentTo(Ids(log).Except([$"{log[10]}"]));
        Quarantined().Should().Equal($"{log[10]}");
    }

    [Theory]
    [InlineData("json", 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 39)]
    [InlineData("json", 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39)]
    [InlineData("single", 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39)]
    [InlineData("splunk-hec", 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 36, 37, 38, 39)]
    [InlineData("elasticsearch", 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 39)]
    public async Task A_page_with_many_of_them_whose_last_is_one_too_is_no_refusal_of_us(string format, params int[] places)
    {
        using var siem = new Siem(RefusingReceivers.Receiver(format));
        var log = await _host.GrownAsync(siem, format, 3, 40);
        string[] guilty = [.. places.Select(place => $"{log[3 + place]}")];
        siem.With(RefusingReceivers.By("403").When(ids => ids.Intersect(guilty).Any()).Always());

        var runs = await RunAsync(3);

        runs[^1].ExitCode.Should().Be(2, runs[^1].Stderr);
        siem.Accepted.Distinct().Should().BeEquivalentTo(Ids(log).Except(guilty));
        Quarantined().Should().BeEquivalentTo(guilty);
    }

    [Fact]
    public async Task A_page_of_which_one_event_alone_is_taken_is_found_out_in_some_runs()
    {
        using var siem = new Siem(new ArrayOfObjects());
        var log = await _host.GrownAsync(siem, "json", 3, 60);
        var innocent = $"{log[3 + 41]}";
        siem.With(RefusingReceivers.By("403").When(ids => ids.Any(id => id != innocent)).Always());

        var runs = await RunAsync(8);

        runs[^1].ExitCode.Should().Be(2, runs[^1].Stderr);
        runs.SkipLast(1).Should().OnlyContain(run => run.ExitCode == 77);
        siem.Accepted.Distinct().Should().Equal(Ids(log[..3]).Append(innocent));
        Quarantined().Should().HaveCount(59);
    }

    [Theory]
    [InlineData("json", "403")]
    [InlineData("single", "404")]
    [InlineData("elasticsearch", "401")]
    public async Task A_page_of_guilty_events_alone_is_told_from_us_by_the_page_before_it(string format, string how)
    {
        using var siem = new Siem(RefusingReceivers.Receiver(format));
        var log = await _host.GrownAsync(siem, format, 3, 120);
        // The first page also holds the two newest of the known events.
        string[] guilty = [.. Ids(log[101..])];
        siem.With(RefusingReceivers.By(how).When(ids => ids.Intersect(guilty).Any()).Always());

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(2, run.Stderr);
        siem.Accepted.Distinct().Should().Equal(Ids(log[..101]));
        Quarantined().Should().Equal(guilty);
    }

    [Fact]
    public async Task A_token_that_is_revoked_between_two_pages_puts_nothing_aside()
    {
        using var siem = new Siem(new ArrayOfObjects());
        var log = await _host.GrownAsync(siem, "json", 3, 120);
        var isRevoked = false;
        siem.With(RefusingReceivers.By("401").When(_ => isRevoked).Always());
        siem.OnAccepted = ids => isRevoked |= ids.Contains($"{log[100]}");
        var before = siem.Requests.Count;

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(77, run.Stderr);
        siem.Requests.Count.Should().BeLessThanOrEqualTo(before + 1 + 12);
        _host.Quarantine.Should().BeEmpty();
    }

    [Theory]
    [InlineData("json", "403")]
    [InlineData("single", "404")]
    [InlineData("splunk-hec", "401")]
    public async Task A_backfill_whose_last_page_is_one_guilty_event_ends(string format, string how)
    {
        using var siem = new Siem(RefusingReceivers.Receiver(format));
        var log = await _host.GrownAsync(siem, format, 101, 0);
        siem.With(RefusingReceivers.By(how).Holding($"{log[^1]}").Always());
        var before = siem.Accepted.Count;

        var run = await _host.RunAsync("backfill", "--from", $"{log[0] - 1}", "--to", $"{log[^1]}");

        run.ExitCode.Should().Be(2, run.Stderr);
        siem.Accepted.Skip(before).Distinct().Should().Equal(Ids(log[..^1]));
        Quarantined().Should().Equal($"{log[^1]}");
    }

    [Theory]
    [InlineData("403", 77)]
    [InlineData("500", 75)]
    public async Task A_stream_that_the_receiver_refuses_does_not_stop_the_others(string how, int code)
    {
        using var api = new EventsApi();
        using var siem = new Siem(new ArrayOfObjects());
        _host.From(api).To(siem);
        string[] First(string feature) => api.AddMany(feature, 3, DateTimeOffset.UtcNow.AddMinutes(-1), TimeSpan.FromSeconds(1));
        string[] before = [.. ApiToken.All.SelectMany(First)];
        (await _host.CollectAsync()).ExitCode.Should().Be(0);
        string[] More(string feature) => api.AddMany(feature, 30, DateTimeOffset.UtcNow, TimeSpan.FromMilliseconds(1));
        var streams = ApiToken.All.ToDictionary(feature => feature, More);
        siem.With(RefusingReceivers.By(how).When(ids => ids.Intersect(streams["auditevents"]).Any()).Always());
        _host.Configuration["maxRunTime"] = "12s";

        var run = await _host.CollectAsync();
        siem.Recover();
        _host.Configuration["maxRunTime"] = Sandbox.EnoughTime;
        var mended = await _host.CollectAsync();

        run.ExitCode.Should().Be(code, run.Stderr);
        mended.ExitCode.Should().Be(0, mended.Stderr);
        siem.Accepted.Should().OnlyHaveUniqueItems().And.BeEquivalentTo(before.Concat(streams.Values.SelectMany(each => each)));
        siem.Accepted.TakeLast(30).Should().Equal(streams["auditevents"]);
    }

    // Until nothing is held up any more, or so many.
    async Task<List<FinishedRun>> RunAsync(int most)
    {
        var runs = new List<FinishedRun>();
        while (runs.Count < most && (runs.Count == 0 || runs[^1].ExitCode == 75 || _host.Checkpoint["held"] is not null))
        {
            runs.Add(await _host.CollectAsync());
        }

        return runs;
    }

    string[] Quarantined() => [.. _host.Quarantine.Select(line => (string)JsonNode.Parse(line)!["id"]!)];

    static IEnumerable<string> Ids(IEnumerable<long> log) => log.Select(eid => eid.ToString(CultureInfo.InvariantCulture));
}
