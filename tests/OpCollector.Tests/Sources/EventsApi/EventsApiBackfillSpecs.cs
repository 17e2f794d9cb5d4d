using System.Globalization;
using System.Text.Json.Nodes;
using EventsApiEmulator;

namespace OpCollector.Tests;

/// <summary>A part of the streams delivered again, beside cron and without a trace in its checkpoint.</summary>
public sealed class EventsApiBackfillSpecs : IDisposable
{
    readonly EventsApi _api = new();
    readonly Sandbox _host = new();
    readonly Receiver _receiver = new();

    public EventsApiBackfillSpecs() => _host.From(_api);

    public void Dispose()
    {
        _receiver.Dispose();
        _host.Dispose();
        _api.Dispose();
    }

    static DateTimeOffset Ago(double hours) => DateTimeOffset.UtcNow.AddHours(-hours);

    static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture);

    string[] Leftovers => Directory.Exists(_host.State("")) ? Directory.GetFiles(_host.State(""), "backfill-*.json") : [];

    [Fact]
    public async Task What_happened_from_since_to_until_is_delivered_both_moments_included()
    {
        var first = DateTimeOffset.UtcNow.AddHours(-9);
        var last = first.AddHours(3);
        _api.Add("auditevents", first.AddTicks(-1));
        string[] wanted = [_api.Add("auditevents", first), _api.Add("auditevents", first.AddHours(1)), _api.Add("auditevents", last)];
        _api.Add("auditevents", last.AddTicks(1));

        var run = await _host.RunAsync("backfill", "--since", Text(first), "--until", Text(last));

        run.Should().Be(new FinishedRun(0, "", ""));
        _host.Uuids.Should().Equal(wanted);
        Leftovers.Should().BeEmpty();
        File.Exists(_host.State("checkpoint.json")).Should().BeFalse();
    }

    [Theory]
    [InlineData("3h", "30m")]
    [InlineData("3h", "9999-12-31T23:59:59Z")]
    [InlineData("0001-01-01", "30m")]
    public async Task A_duration_means_so_long_ago(string since, string until)
    {
        var wanted = _api.Add("auditevents", Ago(2));

        var run = await _host.RunAsync("backfill", "--since", since, "--until", until);

        run.ExitCode.Should().Be(0, run.Stderr);
        _host.Uuids.Should().Equal(wanted);
    }

    [Fact]
    public async Task Without_until_each_stream_ends_where_cron_is()
    {
        string[] both = [_api.Add("auditevents", Ago(0.5)), _api.Add("itemusages", Ago(0.2))];
        await _host.CollectAsync();
        var checkpoint = _host.Checkpoint.ToJsonString();
        _api.Add("auditevents", DateTimeOffset.UtcNow);

        await _host.RunAsync("backfill", "--since", Text(Ago(1)));

        _host.Uuids.Should().HaveCount(4).And.BeEquivalentTo([.. both, .. both]);
        _host.Checkpoint.ToJsonString().Should().Be(checkpoint);
    }

    [Fact]
    public async Task One_stream_can_be_named()
    {
        _api.Add("auditevents", Ago(2));
        var usage = _api.Add("itemusages", Ago(2));

        await _host.RunAsync("backfill", "--since", Text(Ago(3)), "--stream", "itemusage");

        _host.Uuids.Should().Equal(usage);
    }

    [Fact]
    public async Task A_refused_backfill_goes_on_where_it_was()
    {
        _host.To(_receiver).Configuration["source"]!["eventsApi"]!["limit"] = 20;
        var all = _api.AddMany("auditevents", 90, Ago(1), TimeSpan.FromSeconds(1));
        var since = Text(Ago(2));
        _receiver.Then(Receiver.Answer.Of(200)).Otherwise = Receiver.Answer.Of(401);
        var refused = await _host.RunAsync("backfill", "--since", since);
        _receiver.Otherwise = Receiver.Answer.Of(200);

        var resumed = await _host.RunAsync("backfill", "--since", since);

        (refused.ExitCode, resumed.ExitCode).Should().Be((77, 0));
        _receiver.Requests.Where(request => request.IsAccepted).SelectMany(request => JsonNode.Parse(request.Body)!
            .AsArray()
            .Select(each => (string)each!["uuid"]!))
            .Should().Equal(all);
        Leftovers.Should().BeEmpty();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(100)]
    public async Task Different_events_of_one_uuid_arrive_under_ids_of_their_own_and_equal_ones_once(int limit)
    {
        _api.Order = CursorOrder.Insertion;
        _host.To(_receiver).Configuration["source"]!["eventsApi"]!["limit"] = limit;
        (string Uuid, int Number)[] events = [("USUAL", 1), ("TWIN", 1), ("OTHER", 1), ("TWIN", 2), ("TWIN", 1), ("LAST", 1), ("OTHER", 1)];
        var time = $"{Ago(1).UtcDateTime:yyyy-MM-ddTHH}:00:00Z";
        foreach (var (uuid, number) in events)
        {
            _api.Add("auditevents", Ago(1), uuid, $$"""{"uuid":"{{uuid}}","timestamp":"{{time}}","n":{{number}}}""");
        }

        _receiver.Judge = body => body.Contains("TWIN", StringComparison.Ordinal) ? Receiver.Answer.Of(400) : null;
        await _host.RunAsync("backfill", "--since", "3h");

        _receiver.Requests.Where(request => request.IsAccepted)
            .SelectMany(request => JsonNode.Parse(request.Body)!.AsArray().Select(each => (string)each!["uuid"]!))
            .Should().Equal("USUAL", "OTHER", "LAST");
        _host.Quarantine.Select(line => (string)JsonNode.Parse(line)!["id"]!).Should().HaveCount(2).And.StartWith("TWIN")
            .And.ContainSingle(id => id.StartsWith("TWIN-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_stream_that_fails_keeps_the_backfill_unfinished()
    {
        _api.With(Trouble.Answer(500).Of("itemusages").Always());
        var audit = _api.Add("auditevents", Ago(2));
        var usage = _api.Add("itemusages", Ago(2));
        var since = Text(Ago(3));

        var failed = await _host.RunAsync("backfill", "--since", since);
        _api.Recover();
        var resumed = await _host.RunAsync("backfill", "--since", since);

        (failed.ExitCode, resumed.ExitCode).Should().Be((69, 0));
        _host.Uuids.Should().Equal(audit, usage);
        Leftovers.Should().BeEmpty();
    }

    [Fact]
    public async Task A_dry_run_prints_the_same_and_leaves_no_trace()
    {
        var audit = _api.Add("auditevents", Ago(2));

        var run = await _host.RunAsync("backfill", "--since", Text(Ago(3)), "--dry-run");

        run.ExitCode.Should().Be(0);
        run.Lines.Select(Sandbox.Uuid).Should().Equal(audit);
        Directory.Exists(_host.State("")).Should().BeFalse();
    }

    [Fact]
    public async Task What_is_older_than_the_api_can_see_is_told()
    {
        var run = await _host.RunAsync("backfill", "--since", "2020-01-01", "--stream", "audit");

        run.ExitCode.Should().Be(0);
        run.Complaint.Should().Contain("120 days");
    }

    [Theory]
    [InlineData("backfill", "--since TIME is missing")]
    [InlineData("backfill --stream audit", "--since TIME is missing")]
    [InlineData("backfill --from 5", "for the events-api source write --since TIME")]
    [InlineData("backfill --since 2026-11-01 --to 7", "do not go together")]
    [InlineData("backfill --since yesterday", "is not a date or time")]
    [InlineData("backfill --since 11/01/2026", "is not a date or time")]
    [InlineData("backfill --since 2026-11-01 --until 2026-10-31", "--until must be later")]
    [InlineData("backfill --since 2020-01-01 --until 2020-01-02", "nothing up to 2020-01-02 23:59:59Z can be had")]
    [InlineData("backfill --since 2026-11-01 --stream users", "users")]
    public async Task A_wrong_range_is_a_usage_error_that_says_which_to_use(string arguments, string complaint)
    {
        var run = await _host.RunAsync(arguments.Split(' '));

        run.ExitCode.Should().Be(64);
        run.Complaint.Should().Contain(complaint);
    }

    [Fact]
    public async Task The_op_source_has_one_stream()
    {
        using var op = new Sandbox();

        var run = await op.RunAsync("backfill", "--since", "2026-11-01", "--stream", "audit");

        run.ExitCode.Should().Be(64);
        run.Complaint.Should().Contain("--stream is for the events-api source");
    }
}
