using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using EventsApiEmulator;
using OpCollector.Sources.EventsApi;

namespace OpCollector.Tests;

/// <summary>How an event of the Events API that was delivered is known again.</summary>
public sealed class EventsApiSeenSpecs : IDisposable
{
    readonly EventsApi _api = new() { Order = CursorOrder.Insertion };
    readonly Sandbox _host = new();
    readonly Receiver _receiver = new();

    public EventsApiSeenSpecs()
    {
        _host.From(_api, "audit").Configuration["start"] = "1h";
        _host.Api["limit"] = 1;
    }

    public void Dispose()
    {
        _receiver.Dispose();
        _host.Dispose();
        _api.Dispose();
    }

    string[] SeenFiles => [.. Directory.GetFiles(_host.State(""), "seen-audit-*.bin")
        .Select(file => Path.GetFileName(file))
        .Order(StringComparer.Ordinal)];

    static DateTimeOffset Ago(double minutes) => DateTimeOffset.UtcNow.AddMinutes(-minutes);

    static string SeenFile(DateTimeOffset time) =>
        string.Create(CultureInfo.InvariantCulture, $"seen-audit-{time.UtcDateTime:yyyy-MM-dd}.bin");

    [Fact]
    public async Task Different_events_of_one_uuid_arrive_whatever_page_and_run_they_come_in_and_equal_ones_once()
    {
        var time = Ago(20);
        Add("TWIN", time, 1);
        Add("TWIN", time, 2);
        Add("TWIN", time, 1);
        Add("OTHER", time, 1);
        await _host.CollectAsync();
        Add("TWIN", time, 3);
        Add("OTHER", time, 1);
        Add("TWIN", time, 2);
        await _host.CollectAsync();
        EventsApiState.LetTheLookBackBeDue(_host, "audit");
        await _host.CollectAsync();
        EventsApiState.LetTheLookBackBeDue(_host, "audit");

        var last = await _host.CollectAsync();

        last.Should().Be(new FinishedRun(0, "", ""));
        _host.Uuids.Should().Equal("TWIN", "TWIN", "OTHER", "TWIN");
    }

    [Fact]
    public async Task A_count_of_ids_that_no_run_has_written_is_a_damage()
    {
        Add("FIRST", Ago(20), 1);
        await _host.CollectAsync();
        await _host.CollectAsync();
        EventsApiState.Change(_host, "audit", position => position["seen"] = new JsonObject { [$"{Ago(20):yyyy-MM-dd}"] = -1 });
        Add("SECOND", Ago(10), 1);

        var run = await _host.CollectAsync();

        run.ExitCode.Should().BeOneOf(0, 78);
        run.Stderr.Should().Contain("damaged");
    }

    [Fact]
    public async Task One_that_differs_has_an_id_of_its_own_on_a_later_page_too()
    {
        var time = Ago(20);
        _host.To(_receiver);
        Add("USUAL", time, 1);
        Add("TWIN", time, 1);
        Add("TWIN", time, 2);
        Add("USUAL", time, 3);
        _receiver.Judge = body => body.Contains("TWIN", StringComparison.Ordinal) ? Receiver.Answer.Of(400) : null;

        await _host.RunAsync("collect", "--quarantine-rejected");

        _host.Quarantine.Should().HaveCount(2).And.ContainSingle(line => line.Contains("\"id\":\"TWIN\"", StringComparison.Ordinal))
            .And.ContainSingle(line => line.Contains("\"id\":\"TWIN-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_a_version_before_noted_by_its_id_alone_does_not_come_twice()
    {
        var time = Ago(20);
        await _host.CollectAsync();
        EventsApiState.Change(_host, "audit", position => position.Remove("seen").Should().BeTrue());
        await File.WriteAllBytesAsync(
            _host.State(SeenFile(time)),
            MemoryMarshal.AsBytes<SeenId>(new[] { SeenId.Hash("BEFORE") }).ToArray());
        Add("BEFORE", time, 1);
        Add("SINCE", time, 1);
        await _host.CollectAsync();
        EventsApiState.LetTheLookBackBeDue(_host, "audit");

        var run = await _host.CollectAsync();

        run.Should().Be(new FinishedRun(0, "", ""));
        _host.Uuids.Should().Equal("SINCE");
    }

    [Fact]
    public async Task Events_of_days_that_are_not_kept_make_no_file_for_each_and_do_not_come_twice()
    {
        _host.Api["limit"] = 1000;
        string[] all =
        [
            .. Enumerable.Range(1, 500).Select(day => Add($"F{day}", DateTimeOffset.UtcNow.AddDays(30 * day), 1)),
            .. _api.AddMany("auditevents", 3, Ago(1), TimeSpan.FromSeconds(1))
        ];
        await _host.CollectAsync();
        _api.ForgetCursors();
        await _host.CollectAsync();
        EventsApiState.LetTheLookBackBeDue(_host, "audit");

        var run = await _host.CollectAsync();

        run.Should().Be(new FinishedRun(0, "", ""));
        _host.Uuids.Should().Equal(all);
        SeenFiles.Should().HaveCountLessThan(3);
    }

    [Fact]
    public async Task Files_of_days_far_ahead_are_forgotten_and_an_event_of_tomorrow_keeps_its_own()
    {
        var tomorrow = DateTimeOffset.UtcNow.AddDays(1);
        await _host.CollectAsync();
        foreach (var days in (int[])[30, 300, 3000])
        {
            await File.WriteAllBytesAsync(_host.State(SeenFile(DateTimeOffset.UtcNow.AddDays(days))), new byte[16]);
        }

        Add("AHEAD", tomorrow, 1);

        await _host.CollectAsync();

        SeenFiles.Should().Equal(SeenFile(tomorrow));
    }

    string Add(string uuid, DateTimeOffset time, int number) =>
        _api.Add(
            "auditevents", time, uuid, $$"""{"uuid":"{{uuid}}","timestamp":"{{time.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}}","n":{{number}}}""");
}
