using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using OpCollector.Configuration;
using OpCollector.Detection;
using OpCollector.Events;
using OpCollector.Names;
using OpCollector.Sources;
using OpCollector.Sources.EventsApi;
using OpCollector.Storage;

namespace OpCollector.Tests;

/// <summary>
/// What a rule has waited for in vain is told when its time is over, at the end of a run too: once, and the same whatever shows it.
/// </summary>
public sealed class OverdueSpecs : IDisposable
{
    static readonly DateTimeOffset Off = new(2026, 9, 1, 12, 0, 0, TimeSpan.Zero);

    readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("opcollector-overdue-");
    readonly Sandbox _host = new();

    public void Dispose()
    {
        _host.Dispose();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task It_is_told_once_by_the_clock_and_not_before_its_time_and_what_may_come_late()
    {
        var mark = await DetectAsync(New(), MemoryMark.Nothing, Event(1, Off, "disblmfa"));

        New().Overdue(mark, [], Off.AddHours(12)).Findings.Should().BeEmpty();
        New().Overdue(mark, [], Off.AddHours(12).AddMinutes(9)).Findings.Should().BeEmpty();
        var stage = New();
        var (findings, remembered) = stage.Overdue(mark, [], Off.AddHours(12).AddMinutes(10));
        stage.Remember(remembered);

        Named(findings).Should().Equal("mfa-not-restored");
        New().Overdue(remembered.Mark, [], Off.AddDays(9)).Findings.Should().BeEmpty();
        remembered.Mark.Due.Should().BeNull();
    }

    [Fact]
    public async Task Whether_the_clock_shows_it_or_an_event_it_is_the_same_finding()
    {
        var mark = await DetectAsync(New(), MemoryMark.Nothing, Event(1, Off, "disblmfa"));

        var byClock = New().Overdue(mark, [], Off.AddDays(1)).Findings.Single();
        var byEvent = await FindingsAsync(mark, Event(2, Off.AddHours(20), "view"));

        byEvent.Should().ContainSingle().Which.Bytes.ToArray().Should().Equal(byClock.Bytes.ToArray());
    }

    [Fact]
    public async Task What_came_in_time_is_waited_for_no_more()
    {
        var mark = await DetectAsync(
            New(), MemoryMark.Nothing, Event(1, Off, "disblmfa"), Event(2, Off.AddHours(1), "enblmfa"));

        mark.Due.Should().BeNull();
        New().Overdue(mark, [], Off.AddDays(9)).Findings.Should().BeEmpty();
    }

    [Fact]
    public async Task A_run_tells_it_at_its_end_and_the_next_one_does_not()
    {
        var ago = DateTimeOffset.UtcNow.AddHours(-13);
        _host.Account.Append(Json(1, ago, "disblmfa"));

        var first = await _host.CollectAsync();
        var told = (int)_host.LastRun["findings"]!;
        var second = await _host.CollectAsync();

        first.ExitCode.Should().Be(0, first.Stderr);
        told.Should().Be(2);
        second.Should().Be(new FinishedRun(0, "", ""));
        var sent = (await File.ReadAllLinesAsync(_host.Output)).Select(line => JsonNode.Parse(line)!).ToArray();
        sent.Select(each => (string?)each["rule"]?["name"] ?? "event").Should().Equal("event", "mfa-disabled", "mfa-not-restored");
        sent[2]["eventIds"]!.ToJsonString().Should().Be("""["1"]""");
    }

    [Fact]
    public async Task A_backfill_that_ends_in_between_does_not_tell_it()
    {
        var ago = DateTimeOffset.UtcNow.AddHours(-13);
        _host.Account.Append(Json(1, ago, "disblmfa"), Json(2, ago.AddHours(1), "enblmfa"));

        await _host.RunAsync("backfill", "--from", "0", "--to", "1", "--findings");

        (await File.ReadAllTextAsync(_host.Output)).Should().Contain("mfa-disabled").And.NotContain("mfa-not-restored");
    }

    static string Json(long eid, DateTimeOffset time, string action) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"eid":{{eid}},"time":"{{time:yyyy-MM-dd'T'HH:mm:ss'Z'}}","actorUuid":"AAAAAAAAAAAAAAAAAAAAAAAAAA","action":"{{action}}","objectType":"user","objectUuid":"BBBBBBBBBBBBBBBBBBBBBBBBBB"}""");

    static ActivityEvent Event(long eid, DateTimeOffset time, string action) =>
        ActivityEvent.Read(Encoding.UTF8.GetBytes(Json(eid, time, action)), EventIdentity.Op).Event!;

    static IEnumerable<string> Named(IEnumerable<ActivityEvent> findings) =>
        findings.Select(each => (string)JsonNode.Parse(each.Bytes.Span)!["rule"]!["name"]!);

    DetectionStage New() => DetectionStages.With(
        InstalledRules.Load(DetectionSettings.Default, SilenceSettings.Default, Watchlists.None),
        new StateDirectory(_directory.FullName));

    static async Task<MemoryMark> DetectAsync(DetectionStage stage, MemoryMark mark, params ActivityEvent[] events)
    {
        await foreach (var seen in stage.DetectAsync(OneAsync(events), mark, [], TestContext.Current.CancellationToken))
        {
            stage.Remember(seen.Remembered);
            mark = seen.Remembered.Mark;
        }

        return mark;
    }

    async Task<ActivityEvent[]> FindingsAsync(MemoryMark mark, params ActivityEvent[] events)
    {
        var found = new List<ActivityEvent>();
        await foreach (var seen in New().DetectAsync(OneAsync(events), mark, [], TestContext.Current.CancellationToken))
        {
            found.AddRange(seen.Items.Where(item => item.IsFinding));
        }

        return [.. found];
    }

    static async IAsyncEnumerable<NamedPage> OneAsync(ActivityEvent[] events)
    {
        await Task.CompletedTask;
        yield return new NamedPage(new EventPage(Streams.Audit, events, [], StreamPositions.Create("events:test", [])), NameBook.Empty);
    }
}
