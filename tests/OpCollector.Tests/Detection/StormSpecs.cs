using System.Text;
using OpCollector.Checkpoints;
using OpCollector.Detection;
using OpCollector.Detection.Sigma;
using OpCollector.Events;
using OpCollector.Sources;
using OpCollector.Sources.EventsApi;

namespace OpCollector.Tests;

/// <summary>What rules remember in a storm has a bound, and a run that goes on after a crash remembers the same.</summary>
[Slow]
public sealed class StormSpecs
{
    const int PageSize = 500;

    static readonly DateTimeOffset Began = new(2026, 11, 1, 10, 0, 0, TimeSpan.Zero);

    // What one run sees of the storm, for both specs.
    static readonly Lazy<Task<Seen>> Once = new(() => LookAsync(Streams.SignIn, Spraying(), restartEvery: int.MaxValue));

    [Fact]
    public async Task A_password_spraying_of_ten_hours_fills_the_memory_and_no_more()
    {
        var once = await Once.Value;

        once.Kept.Should().BeInRange(6 << 20, MemoryBound.MostBytes + (1 << 20));
        once.Warnings.Should().Contain(warning => warning.StartsWith("The rules remember 8 MB together", StringComparison.Ordinal));
        once.Findings.Should().NotBeEmpty();
    }

    [Fact]
    public async Task A_run_that_goes_on_with_what_another_left_finds_the_same()
    {
        var once = await Once.Value;

        var often = await LookAsync(Streams.SignIn, Spraying().Take(60 * PageSize), restartEvery: 16);

        often.Findings.Should().NotBeEmpty().And.Equal(once.Findings.Where(each => each.Page <= 60));
    }

    [Fact]
    public async Task An_ordinary_day_of_a_thousand_people_is_remembered_whole()
    {
        var events = Enumerable.Range(0, 40_000).Select(at => (
            Began.AddMilliseconds(720 * at),
            $$$"""{"uuid":"{{{at:00000000000000000000000000}}}","timestamp":"{{{Began.AddMilliseconds(720 * at):O}}}","item_uuid":"I{{{at % 5000}}}","user":{"uuid":"U{{{at % 1000}}}"},"action":"{{{(at % 3 == 0 ? "secure-copy" : "reveal")}}}","client":{}}"""));

        var day = await LookAsync(Streams.ItemUsage, events, restartEvery: int.MaxValue);

        day.Warnings.Should().BeEmpty();
        day.Kept.Should().BeLessThan(MemoryBound.MostBytes);
    }

    static async Task<Seen> LookAsync(string stream, IEnumerable<(DateTimeOffset Time, string Json)> events, int restartEvery)
    {
        var rules = RulesReader.Read(RuleFiles.BuiltIn(), Watchlists.None.Find);
        var findings = new List<(int Page, string Id)>();
        var (watch, checkpoint, pages) = (New(), new Checkpoint(StreamPositions.Of("events:test", [])), 0);
        foreach (var part in events.Chunk(PageSize))
        {
            if (++pages % restartEvery == 0)
            {
                watch = New();
                var bytes = CheckpointFile.Serialize(CheckpointContent.From(checkpoint));
                checkpoint = SafeJson.Read(bytes, CheckpointJson.Default.CheckpointContent).ToCheckpoint();
            }

            var page = new EventPage(
                stream,
                [.. part.Select(
                    (each, at) =>
                        new ActivityEvent(0, each.Time, Encoding.UTF8.GetBytes(each.Json)) { Id = $"{(pages * PageSize) + at:D40}" })],
                [],
                checkpoint.Position);
            await foreach (var seen in watch.LookAsync(OneAsync(page), checkpoint.Correlations, TestContext.Current.CancellationToken))
            {
                findings.AddRange(seen.Items.Where(item => item.IsFinding).Select(item => (pages, item.Id)));
                checkpoint = checkpoint with { Correlations = seen.Correlations };
            }
        }

        return new Seen(findings, CheckpointFile.Serialize(CheckpointContent.From(checkpoint)).Length, watch.Warnings);

        DetectionStage New() => new(() => InstalledRules.Only(rules), onlyFindings: false);
    }

    // Everybody in the house is tried for ten hours, again and again, and one of them more than the others: enough to fill the memory.
    static IEnumerable<(DateTimeOffset Time, string Json)> Spraying() => Enumerable.Range(0, 60_000)
        .Select(at => (Began.AddMilliseconds(600 * at), FailedSignIn(at, user: at % 50 == 0 ? 0 : at % 997, network: at % 601)));

    static string FailedSignIn(int at, int user, int network) =>
        $$$"""{"uuid":"{{{at:00000000000000000000000000}}}","timestamp":"{{{Began.AddMilliseconds(600 * at):O}}}","category":"credentials_failed","target_user":{"uuid":"USER{{{user:00000000000000000000000000000000}}}"},"client":{"ip_address":"10.{{{network / 256}}}.{{{network % 256}}}.7"}}""";

    static async IAsyncEnumerable<EventPage> OneAsync(EventPage page)
    {
        await Task.CompletedTask;
        yield return page;
    }

    /// <summary>What came of it.</summary>
    /// <param name="Kept">How many bytes the checkpoint takes in the end.</param>
    sealed record Seen(IReadOnlyList<(int Page, string Id)> Findings, int Kept, IReadOnlyList<string> Warnings);
}
