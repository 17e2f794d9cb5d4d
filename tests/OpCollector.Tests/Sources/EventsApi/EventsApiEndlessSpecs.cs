using System.Globalization;
using EventsApiEmulator;

namespace OpCollector.Tests;

/// <summary>A stream that promises more for ever is told of, loses nothing, and stands in no other stream's way.</summary>
public sealed class EventsApiEndlessSpecs : IDisposable
{
    const int Long = 260;
    const string Json = "Content-Type: application/json";

    static readonly string[] Known = [Event("KNOWN1"), Event("KNOWN2")];

    readonly EventsApi _api = new();
    readonly Sandbox _host = new();

    public EventsApiEndlessSpecs() => _host.From(_api, "audit", "itemusage");

    public static TheoryData<string, string[]> Endless => new()
    {
        { "two cursors and nothing else", [Page("A"), Page("B")] },
        { "three cursors and nothing else", [Page("A"), Page("B"), Page("C")] },
        { "two cursors and the same events", [Page("A", Known), Page("B", Known)] },
        { "four cursors, and an event now and then", [Page("A"), Page("B", Known[0]), Page("C"), Page("D", Known[1])] },
        { "a cursor that never changes, and events that are known", [Page("A", Known)] },
        { "always another cursor and nothing else", [.. Many(number => Page($"N{number}"))] },
        { "always another cursor and the same events", [.. Many(number => Page($"N{number}", Known))] },
        { "always another cursor and the same three pages", [.. Many(number => Page($"N{number}", Known[..(number % 3)]))] },
    };

    public void Dispose()
    {
        _host.Dispose();
        _api.Dispose();
    }

    [Theory, MemberData(nameof(Endless))]
    public async Task It_ends_the_stream_with_65_and_the_next_run_asks_again(string _, string[] pages)
    {
        _api.Add("auditevents", Time, "KNOWN1", Known[0]);
        _api.Add("auditevents", Time, "KNOWN2", Known[1]);
        var before = await _host.CollectAsync();
        var readBefore = (string?)_host.LastRun["lastFullRead"];
        foreach (var number in Enumerable.Range(0, Long))
        {
            _api.With(Trouble.Answer(200, pages[number % pages.Length], Json).Of("auditevents"));
        }

        var usage = _api.Add("itemusages", Time.AddMinutes(1));
        var run = await _host.CollectAsync();
        var readMeanwhile = (string?)_host.LastRun["lastFullRead"];
        _api.Recover();
        _api.With(Trouble.Answer(400, """{"status":400,"message":"the cursor is invalid"}""", Json).Of("auditevents"));
        var after = _api.Add("auditevents", DateTimeOffset.UtcNow);
        var next = await _host.CollectAsync();

        (before.ExitCode, run.ExitCode, next.ExitCode).Should().Be((0, 65, 0), run.Stderr + next.Stderr);
        run.LastWords.Should().ContainAll("audit events", "says that there are more", "the next run asks again")
            .And.NotContain("item usages");
        readMeanwhile.Should().Be(readBefore, "silence is judged by when all was read");
        _host.Uuids.Should().Equal("KNOWN1", "KNOWN2", usage, after);
    }

    [Fact]
    public async Task Cursors_that_lead_nowhere_are_not_gone_on_from()
    {
        _api.Add("auditevents", Time);
        await _host.CollectAsync();
        var good = (string?)_host.Checkpoint["streams"]!["audit"]!["cursor"];
        foreach (var number in Enumerable.Range(0, Long))
        {
            _api.With(Trouble.Answer(200, Page($"N{number}"), Json).Of("auditevents"));
        }

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(65);
        ((string?)_host.Checkpoint["streams"]!["audit"]!["cursor"]).Should().Be(good);
    }

    [Fact]
    public async Task A_look_back_that_never_ends_is_told_of_and_its_events_are_delivered()
    {
        _api.Add("auditevents", Time);
        await _host.CollectAsync();
        EventsApiState.LetTheLookBackBeDue(_host, "audit");
        foreach (var number in Enumerable.Range(0, Long))
        {
            var trouble = Trouble.Answer(200, Page(number % 2 == 0 ? "A" : "B", Event("LATE")), Json).Of("auditevents");
            _api.With(trouble with { After = number == 0 ? 1 : 0 });
        }

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(65, run.Stderr);
        _host.Uuids.Should().HaveCount(2).And.EndWith("LATE");
    }

    static DateTimeOffset Time { get; } = DateTimeOffset.UtcNow.AddMinutes(-10);

    static IEnumerable<string> Many(Func<int, string> page) => Enumerable.Range(0, Long).Select(page);

    static string Event(string uuid) =>
        string.Create(CultureInfo.InvariantCulture, $$"""{"uuid":"{{uuid}}","timestamp":"{{Time.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}}"}""");

    static string Page(string cursor, params string[] items) =>
        $$"""{"cursor":"{{cursor}}","has_more":true,"items":[{{string.Join(',', items)}}]}""";
}
