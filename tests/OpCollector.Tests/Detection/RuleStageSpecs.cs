using System.Text;
using OpCollector.Checkpoints;
using OpCollector.Detection;
using OpCollector.Events;
using OpCollector.Names;
using OpCollector.Sources;
using OpCollector.Sources.EventsApi;
using OpCollector.Storage;
using Serilog.Core;

namespace OpCollector.Tests;

/// <summary>Which names the rules of a run know, and when they are loaded.</summary>
public sealed class RuleStageSpecs : IDisposable
{
    const string Group = "gggggggggggggggggggggggggg";

    static readonly EnrichmentSettings Enrichment = new(TimeSpan.FromHours(6), []);
    static readonly DateTimeOffset Now = new(2026, 9, 1, 12, 0, 0, TimeSpan.Zero);

    readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("opcollector-rules-");
    readonly VirtualTime _time = new(Now);

    StateDirectory State => new(_directory.FullName);

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task The_rules_know_the_names_of_their_first_page_however_far_names_are_read_ahead()
    {
        var reads = 0;
        var op = new PlayedOp((_, _) => throw new InvalidOperationException())
        {
            Names = kind => kind == NameKind.Group && ++reads == 2 ? [new ListedEntity(Group, "Owners")] : [],
        };
        var naming = new NamingStage(new NameBookFile(State, "op:test"), op, Enrichment, _time, Logger.None);
        var pages = new List<NamedPage>();
        await foreach (var page in naming.ExplainAsync(Pages(), TestContext.Current.CancellationToken))
        {
            pages.Add(page);
        }

        var stage = NewStage();
        await foreach (var _ in stage.DetectAsync(
            pages.ToAsyncEnumerable(), MemoryMark.Nothing, [], TestContext.Current.CancellationToken))
        {
        }

        reads.Should().Be(2, "the second page has a group that no list had before");
        stage.Warnings.Should().ContainSingle().Which.Should().Contain("\"Owners\"");
    }

    [Fact]
    public void A_run_without_an_event_knows_the_names_of_earlier_runs()
    {
        var groups = NameList.Empty.Trying(Now).With([new NamedEntity(Group, "Owners")]);
        new NameBookFile(State, "op:test").Write(NameBook.Empty.With(NameKind.Group, groups), Now);
        var stage = NewStage();

        stage.Reports(NativeRules.Silence).Should().BeTrue();

        stage.Warnings.Should().BeEmpty();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    public async Task A_stream_that_is_days_ahead_of_another_does_not_make_the_rules_forget_what_both_are_about(int days)
    {
        var begun = Now.AddDays(-30);
        var positions = StreamPositions.Create(
            "events:test",
            [
                ("signin", new StreamPosition(begun, Now, LastEventTime: Now)),
                ("audit", new StreamPosition(begun, Now, LastEventTime: begun)),
            ]);
        EventPage[] pages =
        [
            PageOf(positions, Streams.SignIn, SignIn("B", begun.AddMinutes(5)), SignIn("C", begun.AddDays(days))),
            PageOf(
                positions,
                Streams.Audit,
                $$"""{"uuid":"3","timestamp":"{{begun:o}}","actor_uuid":"A","action":"completr","object_type":"user","object_uuid":"B"}"""),
        ];
        var found = new List<string>();

        await foreach (var page in NewStage().DetectAsync(
            pages.Select(page => new NamedPage(page, NameBook.Empty)).ToAsyncEnumerable(),
            MemoryMark.Nothing,
            [],
            TestContext.Current.CancellationToken))
        {
            found.AddRange(page.Items.Where(item => item.IsFinding).Select(item => Encoding.UTF8.GetString(item.Bytes.Span)));
        }

        found.Should().Contain(finding => finding.Contains("recovery-then-signin", StringComparison.Ordinal));
    }

    static string SignIn(string user, DateTimeOffset time) =>
        $$$"""{"uuid":"{{{user}}}","timestamp":"{{{time:o}}}","category":"success","target_user":{"uuid":"{{{user}}}"}}""";

    static EventPage PageOf(StreamPositions positions, string stream, params string[] events) => new(
        stream,
        [.. events.Select(json => ActivityEvent.Read(Encoding.UTF8.GetBytes(json), EventIdentity.EventsApi).Event!)],
        [],
        positions);

    RuleStage NewStage()
    {
        var lists = new Dictionary<string, IReadOnlyList<string>> { ["privileged_groups"] = ["Owners"] };
        var loader = new ConfiguredRuleLoader(
            DetectionSettings.Default with { Lists = lists },
            new SilenceSettings(TimeSpan.FromHours(1)),
            new WatchlistEntries(lists, EventsSayAddresses: false),
            Logger.None)
        {
            Clock = _time,
        };
        return new RuleStage(
            loader,
            new KnownNames(State, "op:test", Enrichment, Logger.None),
            EventFilter.DeliverAll(),
            new RuleMemoryFile(State, CheckpointFile.Main));
    }

    static async IAsyncEnumerable<EventPage> Pages()
    {
        await Task.CompletedTask;
        yield return Page($$"""{"eid":1,"time":"2026-09-01T11:00:00Z","actorUuid":"A","action":"view"}""");
        yield return Page(
            $$"""{"eid":2,"time":"2026-09-01T12:00:00Z","actorUuid":"A","action":"join","objectType":"gm","objectUuid":"{{Group}}"}""");
    }

    static EventPage Page(string json) => new(
        Streams.Audit,
        [ActivityEvent.Read(Encoding.UTF8.GetBytes(json), EventIdentity.Op).Event!],
        [],
        StreamPositions.Create("events:test", []));
}
