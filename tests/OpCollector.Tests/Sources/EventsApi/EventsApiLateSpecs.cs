using EventsApiEmulator;
using OpCollector.Sources;

namespace OpCollector.Tests;

/// <summary>Events that come late: clients send item usages when they sync, up to a day after they happened.</summary>
public sealed class EventsApiLateSpecs : IDisposable
{
    readonly EventsApi _api = new();
    readonly Sandbox _host = new();

    public EventsApiLateSpecs() => _host.From(_api, "itemusage").Configuration["start"] = "3d";

    public void Dispose()
    {
        _host.Dispose();
        _api.Dispose();
    }

    static DateTimeOffset Ago(double hours) => DateTimeOffset.UtcNow.AddHours(-hours);

    [Theory]
    [InlineData(nameof(CursorOrder.EventTime))]
    [InlineData(nameof(CursorOrder.Insertion))]
    public async Task An_item_usage_that_was_synced_a_day_late_arrives_exactly_once(string order)
    {
        _api.Order = Enum.Parse<CursorOrder>(order);
        var usual = _api.AddMany("itemusages", 60, Ago(0.1), TimeSpan.FromMinutes(55));
        await _host.CollectAsync();
        var late = _api.Add("itemusages", Ago(26));

        EventsApiState.LetTheLookBackBeDue(_host, "itemusage");
        var run = await _host.CollectAsync();
        EventsApiState.LetTheLookBackBeDue(_host, "itemusage");
        await _host.CollectAsync();

        run.Should().Be(new FinishedRun(0, "", ""));
        _host.Uuids.Should().Equal([.. usual, late]);
    }

    [Fact]
    public async Task Nothing_is_read_again_before_it_is_time()
    {
        await _host.CollectAsync();
        _api.ForgetRequests();

        EventsApiState.LetTheLookBackBeDue(_host, "itemusage", hours: 5.9);
        await _host.CollectAsync();
        var early = _api.Of("itemusages").Count();
        EventsApiState.LetTheLookBackBeDue(_host, "itemusage", hours: 6.1);
        await _host.CollectAsync();

        early.Should().Be(1);
        _api.Of("itemusages").Skip(early).Select(request => request.IsByCursor).Should().Equal(true, false);
    }

    [Fact]
    public async Task A_clock_that_was_ahead_does_not_keep_late_events_away()
    {
        _host.Configuration["start"] = "20d";
        await _host.CollectAsync();
        EventsApiState.LetTheLookBackBeDue(_host, "itemusage", hours: -24 * 365);
        _api.Add("itemusages", Ago(0.1));
        await _host.CollectAsync();
        var late = _api.Add("itemusages", Ago(26));
        EventsApiState.LetTheLookBackBeDue(_host, "itemusage", hours: -24 * 365);

        await _host.CollectAsync();
        var end = (DateTimeOffset)_host.Checkpoint["streams"]!["itemusage"]!["rereadAt"]!;

        _host.Uuids.Should().HaveCount(2).And.EndWith(late);
        end.Should().BeCloseTo(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(5));
    }

    [Fact]
    public async Task A_first_run_with_a_clock_that_was_ahead_is_told_until_somebody_begins_anew()
    {
        await _host.CollectAsync();
        EventsApiState.Change(_host, "itemusage", position => position["from"] = DateTimeOffset.UtcNow.AddDays(365));

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(78);
        run.Complaint.Should().ContainAll("The item usages", "which is still to come", "checkpoint reset");
    }

    [Fact]
    public async Task A_host_whose_clock_is_behind_what_is_delivered_is_not_told_to_begin_anew()
    {
        await _host.CollectAsync();
        EventsApiState.Change(_host, "itemusage", position =>
        {
            position["from"] = DateTimeOffset.UtcNow.AddDays(3);
            position["lastEventTime"] = DateTimeOffset.UtcNow.AddDays(3);
        });

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(78);
        run.Complaint.Should().ContainAll("The item usages", "the clock of this host is behind").And.NotContain("reset");
    }

    [Fact]
    public async Task A_look_back_reaches_as_far_as_an_event_may_be_late_since_the_one_before_it()
    {
        await _host.CollectAsync();
        EventsApiState.LetTheLookBackBeDue(_host, "itemusage", hours: 20);

        await _host.CollectAsync();

        _api.Of("itemusages").Last().Start.Should().BeCloseTo(Ago(68), TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task What_happened_before_the_first_run_began_is_not_wanted_later_either()
    {
        _host.Configuration["start"] = "2h";
        _api.Add("itemusages", Ago(3));
        var wanted = _api.Add("itemusages", Ago(1));
        await _host.CollectAsync();
        EventsApiState.LetTheLookBackBeDue(_host, "itemusage");

        await _host.CollectAsync();

        _host.Uuids.Should().Equal(wanted);
    }

    [Fact]
    public async Task A_long_look_back_goes_on_in_the_next_run_while_the_stream_itself_goes_on_too()
    {
        _host.Api["limit"] = 10;
        var usual = _api.AddMany("itemusages", 60, Ago(1), TimeSpan.FromMinutes(20));
        await _host.CollectAsync();
        var late = _api.AddMany("itemusages", 3, Ago(2), TimeSpan.FromHours(7));
        EventsApiState.LetTheLookBackBeDue(_host, "itemusage");
        // The stream's own request, three pages of the look back, and then the network is gone.
        _api.With(Trouble.Answer(500).Of("itemusages").Always() with { After = 4 });
        var first = await _host.CollectAsync();
        var unfinished = _host.Checkpoint["streams"]!["itemusage"]!["reread"]!["cursor"];
        _api.Recover();
        _api.ForgetRequests();
        var newer = _api.Add("itemusages", DateTimeOffset.UtcNow);

        var second = await _host.CollectAsync();

        first.ExitCode.Should().Be(69);
        unfinished.Should().NotBeNull();
        second.ExitCode.Should().Be(0);
        _api.Of("itemusages").Should().OnlyContain(request => request.IsByCursor, "neither begins anew");
        _host.Checkpoint["streams"]!["itemusage"]!["reread"].Should().BeNull();
        _host.Uuids.Order().Should().Equal(((string[])[.. usual, .. late, newer]).Order());
        _host.Uuids.Take(60).Should().Equal(usual);
    }

    [Fact]
    public async Task Without_the_seen_files_events_are_repeated_and_none_is_lost()
    {
        var usual = _api.AddMany("itemusages", 5, Ago(1), TimeSpan.FromMinutes(1));
        await _host.CollectAsync();
        foreach (var file in Directory.GetFiles(_host.State(""), "seen-*.bin"))
        {
            File.Delete(file);
        }

        EventsApiState.LetTheLookBackBeDue(_host, "itemusage");
        await _host.CollectAsync();

        _host.Uuids.Should().Equal([.. usual, .. usual]);
    }

    [Fact]
    public async Task A_torn_seen_file_is_mended()
    {
        var usual = _api.AddMany("itemusages", 5, Ago(1), TimeSpan.FromSeconds(1));
        await _host.CollectAsync();
        var file = Directory.GetFiles(_host.State(""), "seen-itemusage-*.bin").Single();
        await File.AppendAllTextAsync(file, "torn");
        var next = _api.Add("itemusages", Ago(0.9));
        EventsApiState.LetTheLookBackBeDue(_host, "itemusage");

        await _host.CollectAsync();

        _host.Uuids.Should().Equal([.. usual, next]);
        new FileInfo(file).Length.Should().Be(6 * 16);
    }

    [Fact]
    public async Task Days_are_forgotten_too_after_a_cursor_was_replaced()
    {
        _host.From(_api, "audit").Configuration["start"] = "20d";
        _api.AddMany("auditevents", 3, Ago(24 * 10), TimeSpan.FromMinutes(1));
        await _host.CollectAsync();
        _api.ForgetCursors();
        await _host.CollectAsync();
        var known = Directory.GetFiles(_host.State(""), "seen-audit-*.bin").Length;
        _api.Add("auditevents", Ago(0.1));

        await _host.CollectAsync();

        known.Should().BeGreaterThan(0);
        Directory.GetFiles(_host.State(""), "seen-audit-*.bin").Should().ContainSingle();
    }

    [Fact]
    public async Task Days_that_are_not_read_again_are_forgotten()
    {
        _host.Configuration["start"] = "20d";
        _api.AddMany("itemusages", 40, Ago(0), TimeSpan.FromHours(12));
        await _host.CollectAsync();
        var after = _api.Add("itemusages", DateTimeOffset.UtcNow);

        await _host.CollectAsync();

        _host.Uuids[^1].Should().Be(after);
        Directory.GetFiles(_host.State(""), "seen-*.bin").Length
            .Should().BeInRange(3, 5, "two days that an event may be late, and one for good measure");
    }
}
