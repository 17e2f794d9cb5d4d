using System.Text;
using System.Text.Json.Nodes;
using EventsApiEmulator;
using OpCollector.Sources;

namespace OpCollector.Tests;

/// <summary>The main job on the Events API: three streams, each whole and in order.</summary>
public sealed class EventsApiSourceSpecs : IDisposable
{
    static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    readonly EventsApi _api = new();
    readonly Sandbox _host = new();
    readonly Receiver _receiver = new();

    public EventsApiSourceSpecs() => _host.From(_api);

    public void Dispose()
    {
        _receiver.Dispose();
        _host.Dispose();
        _api.Dispose();
    }

    static DateTimeOffset Ago(double minutes) => DateTimeOffset.UtcNow.AddMinutes(-minutes);

    [Theory]
    [InlineData(nameof(CursorOrder.EventTime))]
    [InlineData(nameof(CursorOrder.Insertion))]
    public async Task Each_stream_is_delivered_whole_and_in_order_and_no_request_mixes_two(string order)
    {
        _api.Order = Enum.Parse<CursorOrder>(order);
        _host.To(_receiver).Configuration["source"]!["eventsApi"]!["limit"] = 40;
        string[][] streams = [.. ApiToken.All.Select(feature => _api.AddMany(feature, 130, Ago(1), Second))];

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(0, run.Stderr);
        string[][] requests = [.. _receiver.Requests.Select(
            request => JsonNode.Parse(request.Body)!.AsArray().Select(each => (string)each!["uuid"]!).ToArray())];
        foreach (var stream in streams)
        {
            var of = stream.ToHashSet();
            requests.Where(request => request.Any(of.Contains)).SelectMany(request => request).Should().Equal(stream);
        }

        requests.Should().HaveCount(3 * 4);
    }

    [Fact]
    public async Task An_event_arrives_with_its_bytes()
    {
        var text =
            $$"""{"uuid":"ODD","timestamp":"{{Ago(5).UtcDateTime:yyyy-MM-ddTHH:mm:ss}}.827288935Z","n":1.0e3,"s":"\u2603 \/","x":{"deep":[null,{"a":"b c"}]},"uuid2":null}""";
        _api.Add("auditevents", Ago(5), "ODD", text);

        await _host.CollectAsync();

        Explanations.Remove(await File.ReadAllTextAsync(_host.Output, Encoding.UTF8)).Should().Be(text + "\n");
    }

    [Fact]
    public async Task White_space_between_tokens_goes_and_nothing_else()
    {
        _api.Add(
            "itemusages", Ago(5), "SPACED", $$"""{ "uuid" : "SPACED", "timestamp":"{{Ago(5):yyyy-MM-ddTHH:mm:ssZ}}" , "s": "a  b" }""");

        await _host.CollectAsync();

        Explanations.Remove(await File.ReadAllTextAsync(_host.Output)).Should().EndWith("Z\",\"s\":\"a  b\"}\n");
    }

    [Fact]
    public async Task A_second_run_delivers_only_what_is_new_and_an_idle_one_asks_each_stream_once()
    {
        var before = _api.AddMany("auditevents", 30, Ago(1), Second);
        await _host.CollectAsync();
        var after = _api.AddMany("auditevents", 3, DateTimeOffset.UtcNow, TimeSpan.FromMilliseconds(1));
        var second = await _host.CollectAsync();
        _api.ForgetRequests();

        var idle = await _host.CollectAsync();

        second.Should().Be(new FinishedRun(0, "", ""));
        idle.Should().Be(new FinishedRun(0, "", ""));
        _host.Uuids.Should().Equal([.. before, .. after]);
        _api.Requests.Select(request => request.Feature)
            .Should().BeEquivalentTo("introspect", "auditevents", "signinattempts", "itemusages");
    }

    [Theory]
    [InlineData("30m", 2)]
    [InlineData("latest", 0)]
    [InlineData("oldest", 3)]
    [InlineData("300d", 3)]
    public async Task The_first_run_begins_where_start_says_and_tells_it(string start, int delivered)
    {
        _host.Configuration["start"] = start;
        string[] all = [_api.Add("auditevents", Ago(100 * 24 * 60)), _api.Add("auditevents", Ago(29)), _api.Add("auditevents", Ago(5))];

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(0, run.Stderr);
        run.Stderr.Should().Contain("First run: ").And.Contain($"(start: {start})");
        run.Stderr.Contains("120 days", StringComparison.Ordinal).Should().Be(start == "300d");
        _host.Uuids.Should().Equal(all[^delivered..]);
    }

    [Fact]
    public async Task The_first_position_stays_however_long_delivery_fails()
    {
        _host.To(_receiver).Configuration["start"] = "latest";
        _host.Configuration["maxRunTime"] = "2s";
        _receiver.Otherwise = Receiver.Answer.Of(500);
        await _host.CollectAsync();
        var since = _api.AddMany("signinattempts", 5, DateTimeOffset.UtcNow, TimeSpan.FromMilliseconds(1));
        await _host.CollectAsync();
        _receiver.Otherwise = Receiver.Answer.Of(200);
        _host.Configuration["maxRunTime"] = Sandbox.EnoughTime;

        var run = await _host.CollectAsync();

        run.Should().Be(new FinishedRun(0, "", ""));
        _receiver.Requests.Where(request => request.IsAccepted).SelectMany(request => JsonNode.Parse(request.Body)!
            .AsArray()
            .Select(each => (string)each!["uuid"]!))
            .Should().Equal(since);
    }

    [Fact]
    public async Task A_run_that_is_killed_between_delivery_and_checkpoint_repeats_one_batch_at_most()
    {
        _host.From(_api, "audit").To(_receiver);
        _host.Api["limit"] = 20;
        var all = _api.AddMany("auditevents", 100, Ago(1), Second);
        var gate = new TaskCompletionSource();
        _receiver.Then(Receiver.Answer.Of(200), Receiver.Answer.Of(200).After(gate.Task.WaitAsync));
        using (var first = _host.Start("collect"))
        {
            await Until.IsAsync(() => _receiver.Requests.Count == 2, "the second batch is there");
            await first.KillAsync();
        }

        var second = await _host.CollectAsync();

        second.ExitCode.Should().Be(0, second.Stderr);
        var arrived = _receiver.Requests
            .SelectMany(request => JsonNode.Parse(request.Body)!.AsArray().Select(each => (string)each!["uuid"]!))
            .ToArray();
        arrived.Distinct().Should().Equal(all);
        arrived.Should().HaveCountLessThanOrEqualTo(120);
    }

    [Fact]
    public async Task What_is_no_event_is_put_aside_once_and_holds_nothing_up()
    {
        var before = _api.Add("auditevents", Ago(9));
        _api.Add("auditevents", Ago(8), "X", """{"no":"uuid"}""");
        _api.Add("auditevents", Ago(7), "Y", "\"a text\"");
        var after = _api.Add("auditevents", Ago(6));

        var run = await _host.CollectAsync();
        LetTheLookBackBeDue("audit");
        await _host.CollectAsync();

        run.ExitCode.Should().Be(2);
        _host.Uuids.Should().Equal(before, after);
        _host.Quarantine.Should().HaveCount(2);
        _host.Quarantine[0].Should().Contain("has no usable uuid").And.Contain("\"stream\":\"audit\"");
    }

    [Fact]
    public async Task Twins_are_one_event_and_twins_that_differ_are_two()
    {
        var time = Ago(5);
        _api.Add("auditevents", time, "TWIN", Text("TWIN", time, 1));
        _api.Add("auditevents", time, "TWIN", Text("TWIN", time, 1));
        _api.Add("auditevents", time.AddSeconds(1), "OTHER", Text("OTHER", time, 1));
        _api.Add("auditevents", time.AddSeconds(1), "OTHER", Text("OTHER", time, 2));

        await _host.CollectAsync();
        await _host.CollectAsync();

        _host.Uuids.Should().Equal("TWIN", "OTHER", "OTHER");
    }

    [Fact]
    public async Task Twins_that_differ_and_are_refused_lie_in_the_quarantine_both_and_leave_it_both()
    {
        var time = Ago(5);
        _host.From(_api, "audit").To(_receiver);
        _api.Add("auditevents", time);
        _api.Add("auditevents", time.AddSeconds(1), "TWIN", Text("TWIN", time, 1));
        _api.Add("auditevents", time.AddSeconds(1), "TWIN", Text("TWIN", time, 2));
        _receiver.Judge = body => body.Contains("TWIN", StringComparison.Ordinal) ? Receiver.Answer.Of(400) : null;
        await _host.CollectAsync();
        var refused = _host.Quarantine;
        _receiver.Judge = null;

        var replay = await _host.RunAsync("replay");

        refused.Should().HaveCount(2).And.ContainSingle(line => line.Contains("\"id\":\"TWIN\"", StringComparison.Ordinal))
            .And.ContainSingle(line => line.Contains("\"id\":\"TWIN-", StringComparison.Ordinal));
        replay.Should().Be(new FinishedRun(0, "", ""));
        JsonNode.Parse(_receiver.Requests[^1].Body)!.AsArray().Should().HaveCount(2);
        _host.Quarantine.Should().BeEmpty();
    }

    [Fact]
    public async Task The_streams_are_silent_when_all_of_them_are_and_that_is_told_once_and_once_when_it_is_over()
    {
        (_host.Configuration["start"], _host.Configuration["silence"], _host.Configuration["detection"]) =
            ("3h", JsonNode.Parse("""{"after":"1h"}"""), new JsonObject());
        _api.Add("auditevents", Ago(80));
        _api.Add("signinattempts", Ago(70));
        await _host.CollectAsync();
        await _host.CollectAsync();
        _api.Add("itemusages", Ago(0.1));
        await _host.CollectAsync();
        await _host.CollectAsync();

        (await File.ReadAllLinesAsync(_host.Output)).Select(line => JsonNode.Parse(line)!).Where(item => item["kind"] is not null)
            .Select(item => (string)item["summary"]!).Should().SatisfyRespectively(
                began => began.Should().StartWith("No event for more than 1 hours, since 20"),
                over => over.Should().StartWith("Events are coming again"));
    }

    [Fact]
    public async Task One_stream_with_an_event_is_enough_to_break_the_silence()
    {
        (_host.Configuration["start"], _host.Configuration["silence"], _host.Configuration["detection"]) =
            ("3h", JsonNode.Parse("""{"after":"1h"}"""), new JsonObject());
        _api.Add("auditevents", Ago(80));
        _api.Add("itemusages", Ago(30));

        await _host.CollectAsync();

        _host.Uuids.Should().HaveCount(2);
    }

    [Fact]
    public async Task A_stream_that_is_added_later_begins_as_in_a_first_run()
    {
        _host.From(_api, "audit");
        await _host.CollectAsync();
        var usages = _api.AddMany("itemusages", 3, Ago(1), Second);

        await _host.From(_api, "audit", "itemusage").CollectAsync();

        _host.Uuids.Should().Equal(usages);
    }

    [Fact]
    public async Task The_position_of_a_stream_that_is_added_stays_however_long_delivery_fails()
    {
        _host.From(_api, "audit").To(_receiver);
        await _host.CollectAsync();
        var since = _api.Add("itemusages", Ago(50));
        _receiver.Otherwise = Receiver.Answer.Of(401);
        var first = await _host.From(_api, "audit", "itemusage").CollectAsync();
        var refused = await _host.CollectAsync();
        _host.Configuration["start"] = "10m";
        _receiver.Otherwise = Receiver.Answer.Of(200);

        var run = await _host.CollectAsync();

        first.Stderr.Should().Contain("The item usages are new (start: 1h)");
        refused.Stderr.Should().NotContain("are new");
        run.Should().Be(new FinishedRun(0, "", ""));
        _receiver.Requests.Where(request => request.IsAccepted).Should().ContainSingle().Which.Body.Should().Contain(since);
    }

    [Fact]
    public async Task The_checkpoint_names_the_account_and_refuses_the_token_of_another()
    {
        _api.Add("auditevents", Ago(5));
        await _host.CollectAsync();
        _api.AccountUuid = "ANOTHERACCOUNT";

        var run = await _host.CollectAsync();

        ((string)_host.Checkpoint["source"]!).Should().Be($"events:{EventsApi.Account}");
        run.ExitCode.Should().Be(78);
        run.Complaint.Should().ContainAll(EventsApi.Account, "ANOTHERACCOUNT", "state.directory");
    }

    [Fact]
    public async Task An_account_that_is_unknown_at_first_is_kept_once_it_is_known()
    {
        _api.AccountUuid = null;
        await _host.CollectAsync();
        var before = (string)_host.Checkpoint["source"]!;
        _api.AccountUuid = EventsApi.Account;
        _api.Add("auditevents", DateTimeOffset.UtcNow);

        await _host.CollectAsync();

        before.Should().Be("events:");
        ((string)_host.Checkpoint["source"]!).Should().Be($"events:{EventsApi.Account}");
    }

    static string Text(string uuid, DateTimeOffset time, int number) =>
        $$"""{"uuid":"{{uuid}}","timestamp":"{{time.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}}","n":{{number}}}""";

    void LetTheLookBackBeDue(string stream) => EventsApiState.LetTheLookBackBeDue(_host, stream);
}
