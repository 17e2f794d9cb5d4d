using System.Globalization;
using System.Text.Json.Nodes;
using Answer = OpCollector.Tests.Support.Receiver.Answer;

namespace OpCollector.Tests;

/// <summary>
/// What a receiver will not take: too much is halved, rejected is bisected, and only the events that are to blame go to the
/// quarantine. A receiver that takes nothing is a wrong configuration, not a log full of bad events.
/// </summary>
public sealed class DeliverySpecs : IDisposable
{
    readonly Sandbox _host = new();
    readonly Receiver _receiver = new();

    public DeliverySpecs() => _host.To(_receiver);

    public void Dispose()
    {
        _receiver.Dispose();
        _host.Dispose();
    }

    [Theory]
    [InlineData(400)]
    [InlineData(422)]
    public async Task The_one_event_that_is_to_blame_is_found_and_its_neighbours_are_delivered_in_order(int status)
    {
        var log = _host.Account.Log(100);
        Poison(status, log[41]);

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(2);
        run.Complaint.Should().Contain("1 item").And.Contain("quarantine.ndjson").And.Contain("replay");
        _receiver.Accepted.Should().Equal(log.Where(eid => eid != log[41]));
        _receiver.Requests.Should().HaveCountLessThan(2 * 8);
        var line = JsonNode.Parse(_host.Quarantine.Single())!;
        ((string)line["id"]!).Should().Be($"{log[41]}");
        ((string)line["stream"]!).Should().Be("audit");
        ((int)line["status"]!).Should().Be(status);
        ((string)line["answer"]!).Should().Be("no such field");
        ((string)line["why"]!).Should().Contain($"{status}").And.Contain("no such field");
        ((long)line["event"]!["eid"]!).Should().Be(log[41]);
        ((long)_host.Checkpoint["lastEventId"]!).Should().Be(log[^1]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(99)]
    [InlineData(0, 1)]
    [InlineData(0, 50, 99)]
    [InlineData(3, 4, 5, 60, 61, 98)]
    public async Task Several_are_found_wherever_they_stand(params int[] places)
    {
        var log = _host.Account.Log(100);
        long[] bad = [.. places.Select(place => log[place])];
        Poison(400, bad);

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(2);
        _receiver.Accepted.Should().Equal(log.Except(bad));
        _host.Quarantine.Select(line => (string)JsonNode.Parse(line)!["id"]!)
            .Should().Equal(bad.Select(eid => eid.ToString(CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task A_refused_event_is_told_once_and_does_not_come_again()
    {
        var log = _host.Account.Log(10);
        Poison(400, log[4]);
        await _host.CollectAsync();
        _receiver.Judge = null;

        var again = await _host.CollectAsync();

        again.Should().Be(new FinishedRun(0, "", ""));
        _receiver.Accepted.Should().Equal(log.Where(eid => eid != log[4]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    public async Task A_receiver_that_never_took_anything_is_set_up_wrongly_and_nothing_is_put_aside(int events)
    {
        var log = _host.Account.Log(events);
        _receiver.Otherwise = Answer.Of(400, "unknown source");

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(78);
        run.LastWords.Should().Contain("unknown source").And.Contain("never accepted").And.Contain("url, format and auth");
        _host.Quarantine.Should().BeEmpty();
        _receiver.Otherwise = Answer.Of(200);
        (await _host.CollectAsync()).ExitCode.Should().Be(0);
        _receiver.Accepted.Should().Equal(log);
    }

    [Fact]
    public async Task A_receiver_that_suddenly_takes_nothing_ends_the_run_and_the_line_says_how_to_put_the_events_aside()
    {
        var first = _host.Account.Log(3);
        await _host.CollectAsync();
        var more = _host.Account.Log(20, first: 9000);
        _receiver.Otherwise = Answer.Of(422, "schema 2 only");

        var stopped = await _host.CollectAsync();
        var forced = await _host.CollectAsync("--quarantine-rejected");

        stopped.ExitCode.Should().Be(78);
        stopped.LastWords.Should().Contain("schema 2 only").And.Contain("collect --quarantine-rejected");
        forced.ExitCode.Should().Be(2);
        forced.Stderr.Should().Contain("20 items");
        _receiver.Accepted.Should().Equal(first);
        _host.Quarantine.Should().HaveCount(more.Length);
        ((long)_host.Checkpoint["lastEventId"]!).Should().Be(more[^1]);
    }

    [Fact]
    public async Task One_event_that_something_in_between_rejects_is_not_put_aside()
    {
        var first = _host.Account.Log(3);
        await _host.CollectAsync();
        _host.Account.Append(Account.Event(9000));
        // As nginx says that our certificate has expired.
        _receiver.Otherwise = Answer.Of(400, "<html>The SSL certificate error</html>", "Content-Type: text/html");

        var stopped = await _host.CollectAsync();
        _receiver.Otherwise = Answer.Of(200);
        var mended = await _host.CollectAsync();

        stopped.ExitCode.Should().Be(78);
        stopped.LastWords.Should().Contain("to the event 9000;").And.Contain("collect --quarantine-rejected");
        mended.ExitCode.Should().Be(0);
        _host.Quarantine.Should().BeEmpty();
        _receiver.Accepted.Should().Equal([.. first, 9000]);
    }

    [Fact]
    public async Task One_event_that_a_known_receiver_rejects_is_put_aside()
    {
        _host.Account.Log(3);
        await _host.CollectAsync();
        _host.Account.Append(Account.Event(9000));
        _receiver.Otherwise = Answer.Of(400);

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(2);
        _host.Quarantine.Should().ContainSingle().Which.Should().Contain("\"9000\"");
    }

    [Theory]
    [InlineData("url", "\"{0}?other\"")]
    [InlineData("auth", """{{"header":{{"name":"X-Key","value":{{"env":"SECRET"}}}}}}""")]
    [InlineData("format", "\"ndjson\"")]
    public async Task Another_url_auth_or_format_has_to_prove_itself_first(string member, string value)
    {
        _host.Account.Log(3);
        await _host.CollectAsync();
        _host.Account.Append(Account.Event(9000));
        _receiver.Otherwise = Answer.Of(400);
        Sink(member, string.Format(CultureInfo.InvariantCulture, value, _receiver.Url)).Environment["SECRET"] = "s3cret";

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(78);
        _host.Quarantine.Should().BeEmpty();
    }

    [Fact]
    public async Task A_backfill_knows_the_receiver_that_cron_knows()
    {
        var log = _host.Account.Log(4);
        await _host.CollectAsync();
        _receiver.Otherwise = Answer.Of(400);

        var run = await _host.RunAsync("backfill", "--from", $"{log[^2]}", "--to", $"{log[^1]}");

        run.ExitCode.Should().Be(2);
        run.Stderr.Should().Contain("quarantine.ndjson");
        _host.Quarantine.Should().ContainSingle();
    }

    [Theory]
    [InlineData(2000)]
    [InlineData(500)]
    public async Task What_is_too_much_is_halved_until_it_fits(int mostBytes)
    {
        _receiver.Judge = body => body.Length > mostBytes ? Answer.Of(413) : null;
        var log = _host.Account.Log(150);

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(0, run.Stderr);
        _receiver.Accepted.Should().Equal(log);
        // What is known of one batch serves the next.
        _receiver.Requests.Skip(_receiver.Requests.Count / 2).Count(request => !request.IsAccepted).Should().BeLessThan(8);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(30)]
    public async Task A_single_event_that_is_too_big_is_put_aside(int others)
    {
        var log = others == 1 ? [] : _host.Account.Log(others);
        _host.Account.Append($$"""{"eid":9000,"padding":"{{new string('x', 3000)}}"}""");
        _receiver.Judge = body => body.Length > 2000 ? Answer.Of(413, "1 kB at most") : null;

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(2);
        _receiver.Accepted.Should().Equal(log);
        _host.Quarantine.Should().ContainSingle().Which.Should().Contain("\"id\":\"9000\"").And.Contain("413");
    }

    [Fact]
    public async Task A_receiver_for_which_every_event_is_too_big_is_set_up_wrongly()
    {
        _host.Account.Log(10);
        _receiver.Otherwise = Answer.Of(413);

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(78);
        _host.Quarantine.Should().BeEmpty();
    }

    [Fact]
    public async Task Limits_of_the_configuration_are_kept_without_asking_the_receiver()
    {
        var log = _host.Account.Log(20);
        _host.Account.Append($$"""{"eid":9000,"padding":"{{new string('x', 3000)}}"}""");
        Sink("limits", """{"events":7,"bytes":1200,"eventBytes":1000}""");

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(2);
        _receiver.Accepted.Should().Equal(log);
        _receiver.Requests.Should().OnlyContain(request => request.IsAccepted && request.Eids.Length <= 7 && request.Body.Length <= 1200);
        _host.Quarantine.Should().ContainSingle().Which.Should().Contain("eventBytes").And.Contain("\"id\":\"9000\"");
    }

    [Fact]
    public async Task What_our_own_limit_holds_back_says_nothing_of_the_receiver()
    {
        _host.Account.Log(3);
        await _host.CollectAsync();
        _host.Account.Append([.. Enumerable.Range(9000, 2).Select(eid => $$"""{"eid":{{eid}},"padding":"{{new string('x', 3000)}}"}""")]);
        Sink("limits", """{"eventBytes":1000}""");

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(2, run.Stderr);
        _host.Quarantine.Should().HaveCount(2);
        ((long)_host.Checkpoint["lastEventId"]!).Should().Be(9001);
    }

    [Fact]
    public async Task A_receiver_in_trouble_in_mid_bisection_repeats_at_most_this_batch()
    {
        var log = _host.Account.Log(150);
        var bad = log[120];
        var requests = 0;
        _receiver.Judge = body => ++requests == 12
            ? Answer.Of(429, "", "Retry-After: 3600")
            : body.Contains($"\"eid\":{bad},", StringComparison.Ordinal)
            ? Answer.Of(400)
            : null;

        var failed = await _host.CollectAsync();
        var next = await _host.CollectAsync();

        failed.ExitCode.Should().Be(75);
        next.ExitCode.Should().Be(2);
        _receiver.Accepted.Distinct().Should().BeEquivalentTo(log.Where(eid => eid != bad));
        _receiver.Accepted.Length.Should().BeLessThan(log.Length + 100);
        _host.Quarantine.Should().ContainSingle();
    }

    [Fact]
    public async Task Ndjson_and_single_events_are_sent_as_they_say()
    {
        var log = _host.Account.Log(3);
        Sink("format", "\"single\"");
        await _host.CollectAsync();
        Sink("format", "\"ndjson\"");
        await _host.RunAsync("backfill", "--from", $"{log[0] - 1}", "--to", $"{log[^1]}");

        _receiver.Requests.Take(3).Select(request => (long)JsonNode.Parse(request.Body)!["eid"]!).Should().Equal(log);
        var lines = _receiver.Requests[3];
        lines.Header("Content-Type").Should().Be("application/x-ndjson");
        lines.Body.Should().EndWith("\n");
        lines.Body.TrimEnd('\n').Split('\n').Select(Sandbox.Eid).Should().Equal(log);
    }

    void Poison(int status, params long[] eids) =>
        _receiver.Judge = body => eids.Any(eid => body.Contains($"\"eid\":{eid},", StringComparison.Ordinal))
            ? Answer.Of(status, "no such field")
            : null;

    Sandbox Sink(string member, string json)
    {
        _host.Configuration["sink"]![member] = JsonNode.Parse(json);
        return _host;
    }
}
