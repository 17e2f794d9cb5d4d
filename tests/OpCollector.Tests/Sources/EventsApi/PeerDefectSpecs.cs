using System.Text.Json.Nodes;
using EventsApiEmulator;
using OpCollector.Sources;

namespace OpCollector.Tests;

/// <summary>What other collectors of the Events API got wrong, each as the situation in which it shows.</summary>
public sealed class PeerDefectSpecs : IDisposable
{
    static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    readonly EventsApi _api = new();
    readonly Sandbox _host = new();
    readonly Receiver _receiver = new();

    public PeerDefectSpecs() => _host.From(_api, "audit");

    public void Dispose()
    {
        _receiver.Dispose();
        _host.Dispose();
        _api.Dispose();
    }

    static DateTimeOffset Ago(double minutes) => DateTimeOffset.UtcNow.AddMinutes(-minutes);

    string[] Accepted => [.. _receiver.Requests
        .Where(request => request.IsAccepted)
        .SelectMany(request => JsonNode.Parse(request.Body)!.AsArray().Select(each => (string)each!["uuid"]!))];

    [Fact]
    public async Task First_run_empty_and_its_cursor_lost()
    {
        _host.Configuration["start"] = "latest";
        await _host.CollectAsync();
        var first = _api.Add("auditevents", DateTimeOffset.UtcNow);

        await _host.CollectAsync();

        _host.Uuids.Should().Equal(first);
        _api.Of("auditevents").Last().IsByCursor.Should().BeTrue();
    }

    [Theory]
    [InlineData("null")]
    [InlineData("\"\"")]
    [InlineData("7")]
    public async Task Cursor_none_is_stored_and_sent(string cursor)
    {
        _api.Add("auditevents", Ago(5));
        _api.With(
            Trouble.Changed(body => $$"""{"cursor":{{cursor}},{{body[body.IndexOf("\"has_more\"", StringComparison.Ordinal)..]}}""")
                .Of("auditevents"));
        var failed = await _host.CollectAsync();

        var next = await _host.CollectAsync();

        (failed.ExitCode, next.ExitCode).Should().Be((65, 0));
        _api.Requests.Should().NotContain(
            request => request.Body.Contains("None", StringComparison.Ordinal) || request.Body.Contains("null", StringComparison.Ordinal));
        _host.Uuids.Should().HaveCount(1);
    }

    [Fact]
    public async Task Output_down_and_the_cursor_moved_on()
    {
        _host.To(_receiver).Configuration["maxRunTime"] = "2s";
        var all = _api.AddMany("auditevents", 10, Ago(1), Second);
        _receiver.Otherwise = Receiver.Answer.Of(503);
        var down = await _host.CollectAsync();
        var position = _host.Checkpoint["streams"]!["audit"]!["cursor"];
        _receiver.Otherwise = Receiver.Answer.Of(200);
        _host.Configuration["maxRunTime"] = Sandbox.EnoughTime;

        var up = await _host.CollectAsync();

        (down.ExitCode, up.ExitCode).Should().Be((75, 0));
        position.Should().BeNull();
        Accepted.Should().Equal(all);
    }

    [Fact]
    public async Task Output_down_and_the_collector_killed()
    {
        _host.To(_receiver);
        var all = _api.AddMany("auditevents", 10, Ago(1), Second);
        _receiver.Otherwise = Receiver.Answer.Of(503);
        using (var down = _host.Start("collect"))
        {
            await Until.IsAsync(() => _receiver.Requests.Count > 0, "it tries to deliver");
            await down.KillAsync();
        }

        _receiver.Otherwise = Receiver.Answer.Of(200);
        await _host.CollectAsync();

        Accepted.Should().Equal(all);
    }

    [Fact]
    public async Task Has_more_ignored_and_the_same_cursor_asked_for_ever()
    {
        var all = _api.AddMany("auditevents", 10, Ago(1), Second);
        _api.AlwaysPromisesMore = true;

        var run = await _host.CollectAsync();
        await _host.CollectAsync();

        run.ExitCode.Should().Be(0, run.Stderr);
        _host.Uuids.Should().Equal(all);
        _api.Of("auditevents").Should().HaveCount(2 + 1);
    }

    [Fact]
    public async Task An_empty_page_in_the_middle_taken_for_the_end()
    {
        var all = _api.AddMany("auditevents", 3, Ago(1), Second);
        var real = "";
        _api.With(Trouble.Changed(body =>
        {
            real = body;
            return body[..body.IndexOf("\"items\"", StringComparison.Ordinal)].Replace("false", "true", StringComparison.Ordinal)
                + "\"items\":[]}";
        }).Of("auditevents"));
        _api.With(Trouble.Changed(_ => real).Of("auditevents"));

        await _host.CollectAsync();

        _host.Uuids.Should().Equal(all);
    }

    [Fact]
    public async Task Fields_dropped_that_nobody_knew()
    {
        _api.Add(
            "auditevents",
            Ago(5),
            "NEW",
            $$"""{"uuid":"NEW","timestamp":"{{Ago(5):yyyy-MM-ddTHH:mm:ssZ}}","invented_tomorrow":{"a":[1,2,3]},"action":"not-in-any-enum"}""");

        await _host.CollectAsync();

        (await File.ReadAllTextAsync(_host.Output)).Should().Contain("\"invented_tomorrow\":{\"a\":[1,2,3]}")
            .And.Contain("not-in-any-enum");
    }

    [Fact]
    public async Task Times_cut_to_the_second_and_events_skipped_at_a_restart()
    {
        var time = DateTimeOffset.UtcNow.AddMinutes(-90);
        _host.Configuration["start"] = "2h";
        await _host.CollectAsync();
        var first = _api.Add("auditevents", time.AddMilliseconds(1));
        await _host.CollectAsync();
        // The same second, seen only after the cursor is gone.
        var second = _api.Add("auditevents", time.AddMilliseconds(2));
        _api.ForgetCursors();

        await _host.CollectAsync();

        _host.Uuids.Should().Equal(first, second);
        (await File.ReadAllTextAsync(_host.Output)).Should().MatchRegex(@"T\d\d:\d\d:\d\d\.\d{9}Z");
    }

    [Fact]
    public async Task A_window_by_the_clock_that_misses_what_is_synced_late()
    {
        _api.Order = CursorOrder.Insertion;
        await _host.CollectAsync();
        var late = _api.Add("auditevents", Ago(30));

        await _host.CollectAsync();

        _host.Uuids.Should().Equal(late);
    }
}
