using System.Text;
using OpCollector.Checkpoints;
using OpCollector.Detection;
using OpCollector.Detection.Sigma;
using OpCollector.Events;
using OpCollector.Sources;
using OpCollector.Sources.EventsApi;
using Stopwatch = System.Diagnostics.Stopwatch;

namespace OpCollector.Tests;

/// <summary>What rules remember in a storm has a bound, and a run that goes on after a crash remembers the same.</summary>
public sealed class StormSpecs(ITestOutputHelper output)
{
    const int PageSize = 500;

    static readonly DateTimeOffset Began = new(2026, 11, 1, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_password_spraying_of_ten_hours_fills_the_memory_and_no_more()
    {
        var (findings, checkpoint, warnings) = await LookAsync(Streams.SignIn, Spraying(), restartEvery: int.MaxValue);

        CheckpointFile.Serialize(CheckpointContent.From(checkpoint)).Length.Should().BeInRange(6 << 20, MemoryBound.MostBytes + (1 << 20));
        warnings.Should().Contain(warning => warning.StartsWith("The rules remember 8 MB together", StringComparison.Ordinal));
        findings.Should().NotBeEmpty();
    }

    [Fact]
    public async Task A_run_that_goes_on_with_what_another_left_finds_the_same()
    {
        // Enough of it that the memory is full.
        var (once, _, _) = await LookAsync(Streams.SignIn, Spraying().Take(30_000), restartEvery: int.MaxValue);
        var (often, _, _) = await LookAsync(Streams.SignIn, Spraying().Take(30_000), restartEvery: 16);

        once.Should().NotBeEmpty();
        often.Should().Equal(once);
    }

    [Fact]
    public async Task An_ordinary_day_of_a_thousand_people_is_remembered_whole()
    {
        var events = Enumerable.Range(0, 40_000).Select(at => (
            Began.AddMilliseconds(720 * at),
            $$$"""{"uuid":"{{{at:00000000000000000000000000}}}","timestamp":"{{{Began.AddMilliseconds(720 * at):O}}}","item_uuid":"I{{{at % 5000}}}","user":{"uuid":"U{{{at % 1000}}}"},"action":"{{{(at % 3 == 0 ? "secure-copy" : "reveal")}}}","client":{}}"""));

        var (_, checkpoint, warnings) = await LookAsync(Streams.ItemUsage, events, restartEvery: int.MaxValue);

        warnings.Should().BeEmpty();
        CheckpointFile.Serialize(CheckpointContent.From(checkpoint)).Length.Should().BeLessThan(MemoryBound.MostBytes);
    }

    async Task<(List<string> Findings, Checkpoint Checkpoint, IReadOnlyList<string> Warnings)> LookAsync(
        string stream, IEnumerable<(DateTimeOffset Time, string Json)> events, int restartEvery)
    {
        var rules = RulesReader.Read(RuleFiles.BuiltIn(), Watchlists.None.Find);
        var (watch, findings, checkpoint, pages) = (New(), new List<string>(), new Checkpoint(StreamPositions.Of("events:test", [])), 0);
        var watched = Stopwatch.StartNew();
        var written = TimeSpan.Zero;
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
                findings.AddRange(seen.Items.Where(item => item.IsFinding).Select(item => item.Id));
                checkpoint = checkpoint with { Correlations = seen.Correlations };
            }

            if (pages % 10 == 0)
            {
                var before = watched.Elapsed;
                CheckpointFile.Serialize(CheckpointContent.From(checkpoint));
                written += 10 * (watched.Elapsed - before);
            }
        }

        output.WriteLine(
            $"{pages} pages in {watched.Elapsed.TotalSeconds:0.0} s, of which {written.TotalMilliseconds / pages:0.0} ms a page for the checkpoint of {CheckpointFile.Serialize(CheckpointContent.From(checkpoint)).Length / 1e6:0.0} MB in the end; {findings.Count} findings");
        return (findings, checkpoint, watch.Warnings);

        DetectionStage New() => new(() => InstalledRules.Only(rules), onlyFindings: false);
    }

    // Everybody in the house is tried, again and again, and one of them more than the others.
    static IEnumerable<(DateTimeOffset Time, string Json)> Spraying() => Enumerable.Range(0, 60_000)
        .Select(at => (Began.AddMilliseconds(600 * at), FailedSignIn(at, user: at % 50 == 0 ? 0 : at % 997, network: at % 601)));

    static string FailedSignIn(int at, int user, int network) =>
        $$$"""{"uuid":"{{{at:00000000000000000000000000}}}","timestamp":"{{{Began.AddMilliseconds(600 * at):O}}}","category":"credentials_failed","target_user":{"uuid":"USER{{{user:00000000000000000000000000000000}}}"},"client":{"ip_address":"10.{{{network / 256}}}.{{{network % 256}}}.7"}}""";

    static async IAsyncEnumerable<EventPage> OneAsync(EventPage page)
    {
        await Task.CompletedTask;
        yield return page;
    }
}
