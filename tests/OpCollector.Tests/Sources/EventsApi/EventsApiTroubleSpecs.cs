using System.Globalization;
using System.Text.Json.Nodes;
using EventsApiEmulator;
using SiemEmulator;
using SiemEmulator.Faults;
using SiemEmulator.Receivers;

namespace OpCollector.Tests;

/// <summary>What the Events API can say instead of events, and what comes of it.</summary>
public sealed class EventsApiTroubleSpecs : IDisposable
{
    static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    readonly EventsApi _api = new();
    readonly Sandbox _host = new();

    public EventsApiTroubleSpecs() => _host.From(_api);

    public void Dispose()
    {
        _host.Dispose();
        _api.Dispose();
    }

    static DateTimeOffset Ago(double minutes) => DateTimeOffset.UtcNow.AddMinutes(-minutes);

    JsonNode Memory => JsonNode.Parse(File.ReadAllText(_host.State("events-api.json")))!;

    [Fact]
    public async Task A_stream_without_the_right_is_named_and_the_others_go_on()
    {
        _api.Token = ApiToken.For(_api.Authority, ["auditevents", "itemusages"]);
        _host.From(_api);
        string[] others = [_api.Add("auditevents", Ago(5)), _api.Add("itemusages", Ago(4))];

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(77);
        run.LastWords.Should().ContainAll("sign-in attempts", "signinattempts", "source.eventsApi.streams");
        _host.Uuids.Should().BeEquivalentTo(others);
        ((int)_host.LastRun["exitCode"]!).Should().Be(77);
    }

    [Theory]
    [InlineData(nameof(ErrorShape.Nested))]
    [InlineData(nameof(ErrorShape.Flat))]
    public async Task A_refused_token_is_told_in_the_words_of_the_api_and_not_tried_run_after_run(string shape)
    {
        _api.Errors = Enum.Parse<ErrorShape>(shape);
        _host.Environment["EVENTS_TOKEN"] = ApiToken.For(_api.Authority, expires: DateTimeOffset.UtcNow.AddYears(1)).Text;

        var first = await _host.CollectAsync();
        _api.ForgetRequests();
        var second = await _host.CollectAsync();

        (first.ExitCode, second.ExitCode).Should().Be((77, 77));
        first.LastWords.Should().ContainAll("audit events", "401 (Unauthorized access)", "opcollector check")
            .And.NotContain(_host.Environment["EVENTS_TOKEN"]);
        second.Complaint.Should().ContainAll(
            "audit events, sign-in attempts, item usages",
            ((DateTimeOffset)Memory["refusals"]!["audit"]!["until"]!).ToString("u", CultureInfo.InvariantCulture)[..16],
            "opcollector check");
        _api.Requests.Should().BeEmpty();
    }

    [Theory]
    [InlineData(403, "<html><body>Blocked by policy</body></html>", "text/html", "a web page")]
    [InlineData(401, "<!DOCTYPE html><title>Sign in</title>", "text/html; charset=utf-8", "a web page")]
    [InlineData(401, "Unauthorized access", "text/plain", "Unauthorized access")]
    [InlineData(403, "", "text/plain", "with no body")]
    [InlineData(403, """{"message":"Forbidden"}""", "application/json", "Forbidden")]
    [InlineData(401, """{"error":{"message":"no key"}}""", "application/json", "no key")]
    [InlineData(403, """{"status":200,"message":"Forbidden"}""", "application/json", "Forbidden")]
    [InlineData(403, """{"status":"403","message":"Forbidden"}""", "application/json", "Forbidden")]
    [InlineData(401, """{"Error":{"Message":7}}""", "application/json", "Error")]
    [InlineData(401, """[{"Error":{"Message":"x"}}]""", "application/json", "Error")]
    [InlineData(
        403,
        """{"timestamp":"x","status":403,"error":"Forbidden","message":"Access denied by the gateway"}""",
        "application/json",
        "gateway")]
    [InlineData(401, """{"status":401,"message":"Unauthorized","path":"/api/v2/auditevents"}""", "application/json", "Unauthorized")]
    [InlineData(400, "<html>Bad gateway rule</html>", "text/html", "a web page")]
    [InlineData(404, "<html>Not here</html>", "text/html", "a web page")]
    [InlineData(400, "Bad Request: the cursor is invalid", "text/plain", "the cursor is invalid")]
    [InlineData(400, "", "text/plain", "with no body")]
    [InlineData(400, """{"message":"invalid cursor"}""", "application/json", "invalid cursor")]
    [InlineData(400, """{"timestamp":"x","status":400,"error":"x","message":"no such cursor"}""", "application/json", "no such cursor")]
    [InlineData(404, "no healthy upstream", "text/plain", "no healthy upstream")]
    [InlineData(404, """{"message":"no Route matched with those values"}""", "application/json", "no Route matched")]
    [InlineData(410, "gone", "text/plain", "gone")]
    public async Task What_is_not_in_the_form_of_the_api_is_not_its_word(int status, string body, string type, string shown)
    {
        _host.From(_api, "audit");
        var before = _api.Add("auditevents", Ago(2));
        await _host.CollectAsync();
        _api.With(Trouble.Answer(status, body, $"Content-Type: {type}").Of("auditevents"));
        var after = _api.Add("auditevents", Ago(1));

        var run = await _host.CollectAsync();
        var next = await _host.CollectAsync();

        run.ExitCode.Should().Be(69);
        run.LastWords.Should().ContainAll("between here and 1Password", $"answered {status}", shown, "the next run asks again")
            .And.NotContain("Not asked by itself");
        next.Should().Be(new FinishedRun(0, "", ""), "nothing was refused, so there is no pause");
        _host.Uuids.Should().Equal(before, after);
    }

    [Fact]
    public async Task A_check_tries_at_once_and_ends_the_pause()
    {
        var good = _host.Environment["EVENTS_TOKEN"];
        _host.Environment["EVENTS_TOKEN"] = "revoked";
        _host.Api["url"] = _api.Url;
        await _host.CollectAsync();
        _host.Environment["EVENTS_TOKEN"] = good;

        var check = await _host.RunAsync("check");
        var run = await _host.CollectAsync();

        check.ExitCode.Should().Be(0, check.Stdout);
        run.Should().Be(new FinishedRun(0, "", ""));
    }

    [Fact]
    public async Task A_check_that_is_refused_too_makes_no_pause_longer_and_begins_none()
    {
        _host.Environment["EVENTS_TOKEN"] = "revoked";
        _host.Api["url"] = _api.Url;
        var first = await _host.RunAsync("check");
        var begun = Directory.Exists(_host.State(""));
        await _host.CollectAsync();
        var before = Memory.ToJsonString();

        var second = await _host.RunAsync("check");

        (first.ExitCode, second.ExitCode).Should().Be((77, 77));
        begun.Should().BeFalse();
        Memory.ToJsonString().Should().Be(before);
    }

    [Fact]
    public async Task A_cursor_that_is_no_longer_good_is_replaced_by_time_and_nothing_is_lost_or_repeated()
    {
        _host.From(_api, "audit");
        var before = _api.AddMany("auditevents", 30, Ago(1), Second);
        await _host.CollectAsync();
        _api.ForgetCursors();
        var after = _api.AddMany("auditevents", 3, DateTimeOffset.UtcNow, TimeSpan.FromMilliseconds(1));

        var run = await _host.CollectAsync();
        var next = await _host.CollectAsync();

        run.ExitCode.Should().Be(0);
        run.Complaint.Should().ContainAll("cursor of the audit events", "400 (Bad Request: the cursor is invalid)", "nothing is lost");
        next.Should().Be(new FinishedRun(0, "", ""));
        _host.Uuids.Should().Equal([.. before, .. after]);
        _api.Of("auditevents").Single(request => request.Status == 400).Uuids.Should().BeEmpty();
    }

    [Fact]
    public async Task A_second_refusal_in_the_same_run_is_a_failure()
    {
        _host.From(_api, "audit");
        await _host.CollectAsync();
        _api.With(Trouble.Answer(400, """{"status":400,"message":"no"}""").Of("auditevents").Always());

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(69);
        run.Errors.Should().ContainSingle().Which.Should().Contain("400 (no)");
        _api.Of("auditevents").Count(request => request.Status == 400).Should().Be(2);
    }

    [Theory]
    [InlineData(500, 69, 4)]
    [InlineData(503, 69, 4)]
    [InlineData(404, 69, 1)]
    [InlineData(302, 78, 1)]
    [InlineData(418, 69, 1)]
    public async Task An_answer_that_is_none_has_its_exit_code_and_the_other_streams_go_on(int status, int code, int requests)
    {
        _api.With(Trouble.Answer(status, "nothing here", "Location: /elsewhere").Of("auditevents").Always());
        var usage = _api.Add("itemusages", Ago(4));

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(code);
        run.LastWords.Should().ContainAll("audit events", $"{status} (nothing here)");
        _api.Of("auditevents").Should().HaveCount(requests);
        _host.Uuids.Should().Equal(usage);
    }

    [Theory]
    [InlineData(nameof(Manner.ResetInside))]
    [InlineData(nameof(Manner.Reset))]
    [InlineData(nameof(Manner.ShortLength))]
    [InlineData(nameof(Manner.ShortChunks))]
    [InlineData(nameof(Manner.Close))]
    public async Task An_answer_that_breaks_off_is_asked_for_again(string manner)
    {
        _api.With(Trouble.OnTheWire(Enum.Parse<Manner>(manner)).Of("auditevents"));
        var all = _api.AddMany("auditevents", 30, Ago(1), Second);

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(0, run.Stderr);
        _host.Uuids.Should().Equal(all);
    }

    [Theory]
    [InlineData("""{"cursor":"x","has_more":false,"items":[""")]
    [InlineData("""{"cursor":"x","has_more":false,"items":{}}""")]
    [InlineData("""{"cursor":"x","has_more":false}""")]
    [InlineData("""{"cursor":"x","has_more":false,"items":null}""")]
    [InlineData("""{"cursor":"x","has_more":false,"items":"none"}""")]
    [InlineData("""{"cursor":"x","has_more":false,"audit_events":[{"uuid":"A"}]}""")]
    [InlineData("""{"cursor":"x","has_more":false,"Items":[{"uuid":"A"}]}""")]
    [InlineData("""{"data":{"cursor":"x","has_more":false,"items":[{"uuid":"A"}]}}""")]
    [InlineData("""{"has_more":false,"items":[]}""")]
    [InlineData("""{"cursor":null,"has_more":true,"items":[]}""")]
    [InlineData("[]")]
    [InlineData("")]
    public async Task An_answer_that_is_no_page_is_unusable_and_moves_nothing(string body)
    {
        _host.From(_api, "audit");
        _api.With(Trouble.Answer(200, body, "Content-Type: application/json").Of("auditevents"));
        var all = _api.AddMany("auditevents", 3, Ago(1), Second);

        var run = await _host.CollectAsync();
        var next = await _host.CollectAsync();

        run.ExitCode.Should().Be(65);
        run.LastWords.Should().ContainAll("audit events", "not a page of events");
        next.ExitCode.Should().Be(0);
        _host.Uuids.Should().Equal(all);
    }

    [Fact]
    public async Task A_short_answer_that_is_no_page_is_shown()
    {
        _host.From(_api, "audit");
        _api.With(
            Trouble.Answer(200, "{\"status\":\"in maintenance \u001b[31m\u202e until noon\"}", "Content-Type: application/json")
                .Of("auditevents")
                .Always());

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(65);
        run.LastWords.Should().ContainAll("not a page of events", "in maintenance", "until noon").And.NotContainAny("\u001b", "\u202e");
    }

    [Fact]
    public async Task A_web_page_is_no_answer()
    {
        _host.From(_api, "audit");
        _api.With(Trouble.Answer(200, "<html>Sign in</html>", "Content-Type: text/html").Of("auditevents"));

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(78);
        run.LastWords.Should().Contain("web page");
    }

    [Fact]
    public async Task Throttling_waits_as_long_as_it_is_asked_to()
    {
        _host.From(_api, "audit");
        _api.With(Trouble.Answer(429, "slow down", "Retry-After: 2").Of("auditevents"));
        var event1 = _api.Add("auditevents", Ago(1));

        var run = await _host.CollectAsync("--verbose");

        run.ExitCode.Should().Be(0, run.Stderr);
        run.Stderr.Should().Contain("429 (slow down); trying again in 2.0 s");
        _host.Uuids.Should().Equal(event1);
    }

    [Fact]
    public async Task Throttling_to_the_end_of_a_run_is_told()
    {
        await _host.From(_api, "audit").CollectAsync();
        _host.Configuration["maxRunTime"] = "2s";
        _api.With(Trouble.Answer(429, "slow down").Of("auditevents").Always());

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(75);
        run.Complaint.Should().Contain("before anything was delivered (1Password answered 429 (slow down))");
    }

    [Fact]
    public async Task A_sink_that_never_answers_ends_no_run_as_a_good_one_though_another_stream_was_read()
    {
        using var siem = new Siem(new ArrayOfObjects());
        siem.With(Fault.Hang().Always());
        _api.Add("auditevents", Ago(1));
        _host.To(siem, "json").Configuration["maxRunTime"] = "2s";
        _host.Configuration["sink"]!["timeout"] = "30s";

        var first = await _host.CollectAsync();

        first.ExitCode.Should().Be(75, first.Stderr);
        first.LastWords.Should().Contain("maxRunTime was over before anything was delivered (the sink").And.Contain("has not answered)");
        ((string?)_host.LastRun["message"]).Should().Contain("has not answered");
        (await _host.RunAsync("status", "--max-age", "1h")).ExitCode.Should().NotBe(0);
    }

    [Theory]
    [InlineData("TERM", 143)]
    [InlineData("INT", 130)]
    public async Task A_check_that_a_signal_ends_says_so_by_its_code_and_gives_no_verdict(string signal, int code)
    {
        var asked = new TaskCompletionSource();
        using var answers = new ManualResetEventSlim();
        _api.OnRequest = _ =>
        {
            asked.TrySetResult();
            answers.Wait(TimeSpan.FromSeconds(20));
        };
        using var check = _host.Start("check");
        await asked.Task;

        check.Signal(signal);
        var ended = await check.ToEndAsync();
        answers.Set();

        ended.Should().BeEquivalentTo(new { ExitCode = code, Stderr = "" });
        ended.Stdout.Should().Contain("✓ sink").And.NotContain("eady");
    }

    [Fact]
    public async Task Throttling_for_longer_than_a_run_is_left_to_the_next_one()
    {
        _host.From(_api, "audit");
        _api.With(Trouble.Answer(429, "", "Retry-After: 3000").Of("auditevents"));

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(69);
        run.LastWords.Should().ContainAll("429", "next run");
    }

    [Fact]
    public async Task Nobody_at_home_is_one_line_for_all_streams()
    {
        _host.Api["url"] = Receiver.Nowhere[..^5];

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(69);
        run.LastWords.Should().ContainAll("audit events, sign-in attempts, item usages", "Connection refused");
    }

    [Fact]
    public async Task The_worst_of_several_failures_is_the_exit_code_and_each_is_told()
    {
        _api.Token = ApiToken.For(_api.Authority, ["auditevents", "itemusages"]);
        _host.From(_api);
        _api.With(Trouble.Answer(500).Of("auditevents").Always());

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(77);
        run.LastWords.Should().ContainAll("sign-in attempts", "audit events", "500");
    }

    [Fact]
    public async Task A_receiver_that_is_down_does_not_hide_a_stream_that_fails()
    {
        using var receiver = new Receiver { Otherwise = Receiver.Answer.Of(500) };
        _api.Token = ApiToken.For(_api.Authority, ["auditevents"]);
        _host.From(_api, "audit", "signin").To(receiver).Configuration["maxRunTime"] = "2s";
        _api.Add("auditevents", Ago(5));

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(77);
        run.LastWords.Should().ContainAll("signinattempts", "answered 500");
    }

    [Theory]
    [InlineData(100, 240_000)]
    [InlineData(5, 5_000_000)]
    [InlineData(1000, 40_000)]
    public async Task A_page_that_is_too_long_is_asked_for_with_fewer_events(int count, int size)
    {
        _host.From(_api, "audit");
        var earlier = _api.AddMany("auditevents", 3, Ago(30), Second);
        await _host.CollectAsync();
        var padding = new string('x', size);
        string[] large = [.. Enumerable.Range(0, count).Select(number => _api.Add(
            "auditevents",
            Ago(20).AddSeconds(number),
            $"L{number:D25}",
            $$"""{"uuid":"L{{number:D25}}","timestamp":"{{Ago(20).AddSeconds(number).UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffffff}}Z","x":"{{padding}}"}"""))];

        var run = await _host.CollectAsync("--verbose");

        run.ExitCode.Should().Be(0, run.Stderr);
        run.Stderr.Should().Contain("longer than 16 MB").And.Contain("asking for 500 audit events at a time");
        _host.Uuids.Should().Equal([.. earlier, .. large]);
    }
}
