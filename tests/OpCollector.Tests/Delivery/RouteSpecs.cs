using System.Globalization;
using System.Text.Json.Nodes;
using Answer = OpCollector.Tests.Support.Receiver.Answer;

namespace OpCollector.Tests;

/// <summary>
/// Routes at work: the order and the promise are those of one sink, and each receiver is judged by what it has taken itself.
/// </summary>
public sealed class RouteSpecs : IDisposable
{
    readonly Sandbox _host = new();
    readonly Receiver _events = new();
    readonly Receiver _findings = new();

    public RouteSpecs()
    {
        _host.To(_events).Configuration["sink"]!["routes"] = new JsonObject { ["findings"] = new JsonObject { ["url"] = _findings.Url } };
    }

    string[] Findings => [.. _findings.Requests.Where(request => request.IsAccepted && request.Body.Length > 0)
        .SelectMany(request => JsonNode.Parse(request.Body)!.AsArray().Select(each => (string)each!["eventIds"]![0]!))];

    public void Dispose()
    {
        _events.Dispose();
        _findings.Dispose();
        _host.Dispose();
    }

    [Fact]
    public async Task Findings_go_their_way_behind_their_events_and_the_checkpoint_behind_both()
    {
        Log(1, 2, 3);

        var run = await _host.CollectAsync("--verbose");

        run.ExitCode.Should().Be(0, run.Stderr);
        run.Stderr.Should().ContainAll(
            "3 events and 3 findings in 1 batch to", $"{Authority(_events)}, {Authority(_findings)} (sink.routes.findings)");
        _events.Accepted.Should().Equal(1, 2, 3);
        Findings.Should().Equal("1", "2", "3");
        ((long)_host.Checkpoint["lastEventId"]!).Should().Be(3);
        _host.Checkpoint["sinkAccepted"].Should().NotBeNull();
        _host.Checkpoint["routesAccepted"]!.AsObject().Select(each => each.Key).Should().Equal("findings");
    }

    [Fact]
    public async Task A_route_that_is_down_holds_the_page_and_what_others_have_is_not_sent_again()
    {
        Log(1, 2, 3);
        await _host.CollectAsync();
        Log(4, 5);
        _findings.Otherwise = Answer.Of(503, "no space", "Retry-After: 3600");

        var down = await _host.CollectAsync();
        Log(6);
        var still = await _host.CollectAsync();
        _findings.Otherwise = Answer.Of(200);
        var up = await _host.CollectAsync();

        new[] { down.ExitCode, still.ExitCode, up.ExitCode }.Should().Equal(75, 75, 0);
        down.LastWords.Should().Contain("(sink.routes.findings) answered 503 (no space)");
        _events.Accepted.Should().Equal(1, 2, 3, 4, 5, 6);
        Findings.Should().Equal("1", "2", "3", "4", "5", "6");
        _host.Checkpoint["held"].Should().BeNull();
        _host.Quarantine.Should().BeEmpty();
        ((long)_host.Checkpoint["lastEventId"]!).Should().Be(6);
    }

    [Fact]
    public async Task The_other_route_does_not_prove_that_a_route_is_set_up_rightly()
    {
        Log(1, 2);
        _findings.Otherwise = Answer.Of(400, "unknown source");

        var wrong = await _host.CollectAsync();
        _findings.Otherwise = Answer.Of(200);
        var mended = await _host.CollectAsync();

        wrong.ExitCode.Should().Be(78);
        wrong.LastWords.Should().Contain("sink.routes.findings").And.Contain("never accepted");
        mended.ExitCode.Should().Be(0, mended.Stderr);
        _host.Quarantine.Should().BeEmpty();
        Findings.Should().Equal("1", "2");
    }

    [Fact]
    public async Task What_is_to_blame_is_looked_for_within_a_route_and_goes_back_by_it()
    {
        Log(1, 2, 3, 4, 5, 6, 7, 8);
        _findings.Judge = body => body.Contains("[\"5\"]", StringComparison.Ordinal) ? Answer.Of(400, "bad finding") : null;
        _events.Judge = body => body.Contains("\"eid\":3,", StringComparison.Ordinal) ? Answer.Of(422, "bad event") : null;

        var run = await _host.CollectAsync();
        var quarantine = _host.Quarantine.Select(line => JsonNode.Parse(line)!).ToArray();
        (_findings.Judge, _events.Judge) = (null, null);
        var replay = await _host.RunAsync("replay");

        run.ExitCode.Should().Be(2, run.Stderr);
        quarantine.Select(line => $"{line["stream"]} {line["route"]} {line["answer"]}")
            .Should().Equal("audit  bad event", "audit findings bad finding");
        replay.ExitCode.Should().Be(0, replay.Stderr);
        _host.Quarantine.Should().BeEmpty();
        _events.Accepted.Should().Equal(1, 2, 4, 5, 6, 7, 8, 3);
        Findings.Should().Equal("1", "2", "3", "4", "6", "7", "8", "5");
    }

    [Fact]
    public async Task What_lay_in_the_quarantine_before_there_were_routes_goes_by_that_of_its_kind()
    {
        Log(1, 2, 3);
        await _host.CollectAsync();
        Directory.CreateDirectory(_host.State(""));
        await File.WriteAllLinesAsync(
            _host.State("quarantine.ndjson"),
            [
                """{"when":"2026-11-01T00:00:00Z","stream":"audit","id":"f-9","why":"x","event":{"kind":"finding","id":"f-9","eventIds":["9"]}}""",
                """{"when":"2026-11-01T00:00:00Z","stream":"audit","id":"8","why":"x","event":{"eid":8}}""",
                """{"when":"2026-11-01T00:00:00Z","stream":"audit","route":"signin","id":"7","why":"x","event":{"eid":7}}""",
            ]);

        var replay = await _host.RunAsync("replay");

        replay.ExitCode.Should().Be(0, replay.Stderr);
        _events.Accepted.Should().Equal(1, 2, 3, 8, 7);
        Findings[^1].Should().Be("9");
    }

    [Fact]
    public async Task A_crash_between_two_routes_repeats_one_batch_and_loses_nothing()
    {
        Log(1, 2, 3);
        var arrived = new TaskCompletionSource();
        var held = new TaskCompletionSource();
        _findings.Then(Answer.Of(200).After(async stop =>
        {
            arrived.SetResult();
            await held.Task.WaitAsync(stop);
        }));
        using (var running = _host.Start("collect"))
        {
            await arrived.Task.WaitAsync(TimeSpan.FromSeconds(30));
            await running.KillAsync();
        }

        held.SetResult();
        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(0, run.Stderr);
        _events.Accepted.Should().Equal(1, 2, 3, 1, 2, 3);
        Findings.Should().EndWith(["1", "2", "3"]);
    }

    [Fact]
    public async Task Each_route_is_tried_and_gets_a_test()
    {
        _host.Configuration["sink"]!["routes"]!["signin"] = new JsonObject { ["url"] = Receiver.Nowhere, ["timeout"] = "1s" };

        var run = await _host.RunAsync("check");
        _host.Configuration["sink"]!["routes"]!.AsObject().Remove("signin");
        var test = await _host.RunAsync("check", "--send-test");

        run.ExitCode.Should().Be(75);
        test.ExitCode.Should().Be(0, test.Stdout);
        run.Lines[..^1].Where(line => line[0] != ' ').Select(line => line[..16].TrimEnd())
            .Where(line => line[2..].StartsWith("sink", StringComparison.Ordinal) || line.Contains("route", StringComparison.Ordinal))
            .Should().Equal("✓ sink", "✓ route findings", "✗ route signin");
        test.Lines.Count(line => line.StartsWith("✓ test event", StringComparison.Ordinal)).Should().Be(2);
        _events.Requests[^1].Body.Should().StartWith("[{\"kind\":\"test\"");
        _findings.Requests[^1].Body.Should().StartWith("[{\"kind\":\"test\"");
    }

    [Fact]
    public async Task Files_have_routes_and_forms_too_and_nothing_is_written_twice_when_one_of_them_fails()
    {
        Directory.CreateDirectory(Path.Combine(_host.Root, "findings.ndjson"));
        _host.Configuration["sink"] = JsonNode.Parse("""
            { "type": "file", "path": "all.ndjson", "shape": "events-api", "add": { "tenant": "acme" },
              "routes": { "audit": { "path": "out/events.ndjson", "event": { "id": "{id}", "eid": "{time:s}", "raw": "{event:text}" } },
                          "findings": { "path": "findings.ndjson" } } }
            """);
        Log(1, 2);

        var failed = await _host.CollectAsync();
        Directory.Delete(Path.Combine(_host.Root, "findings.ndjson"));
        var mended = await _host.CollectAsync();

        failed.ExitCode.Should().Be(74, failed.Stderr);
        mended.ExitCode.Should().Be(0, mended.Stderr);
        var events = (await File.ReadAllLinesAsync(_host.Output)).Select(line => JsonNode.Parse(line)!).ToArray();
        events.Select(each => (string)each["id"]!).Should().Equal("1", "2");
        JsonNode.Parse((string)events[0]["raw"]!)!.AsObject().Select(member => member.Key)
            .Should().StartWith(["tenant", "uuid", "timestamp"]);
        (await File.ReadAllLinesAsync(Path.Combine(_host.Root, "findings.ndjson"))).Should().HaveCount(2)
            .And.OnlyContain(line => line.StartsWith("{\"tenant\":\"acme\",\"kind\":\"finding\"", StringComparison.Ordinal));
        File.Exists(Path.Combine(_host.Root, "all.ndjson")).Should().BeFalse();
    }

    void Log(params int[] eids) => _host.Account.Append([.. eids.Select(eid =>
        Account.Event(eid, DateTimeOffset.UtcNow.AddMinutes(eid - 60), action: "updatfw"))]);

    static string Authority(Receiver receiver) => new Uri(receiver.Url).GetLeftPart(UriPartial.Authority);
}
