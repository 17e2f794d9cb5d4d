using System.Text;
using OpCollector.Detection;
using OpCollector.Detection.Sigma.Correlations;
using OpCollector.Detection.Sigma.Reading;
using OpCollector.Events;
using OpCollector.Names;
using OpCollector.Sources;
using OpCollector.Sources.EventsApi;
using OpCollector.Storage;
using Stopwatch = System.Diagnostics.Stopwatch;

namespace OpCollector.Tests;

/// <summary>What rules remember in a storm has a bound, and a run that goes on after a crash remembers the same.</summary>
[Slow]
public sealed class StormSpecs(ITestOutputHelper output) : IDisposable
{
    const int PageSize = 500;

    static readonly SigmaRules Rules = SigmaRulesReader.Read(RuleFiles.BuiltIn(), Watchlists.None, NativeRules.All);
    static readonly DateTimeOffset Began = new(2026, 11, 1, 10, 0, 0, TimeSpan.Zero);

    readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("opcollector-test-");
    MemoryMark _mark = MemoryMark.Nothing;
    long _largest;

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task A_password_spraying_of_hours_fills_the_memory_and_no_more_and_a_run_that_goes_on_with_it_finds_the_same()
    {
        var (once, warnings) = await DetectAsync(Streams.SignIn, Spraying(), restartEvery: int.MaxValue);
        var largest = _largest;
        var (often, _) = await DetectAsync(Streams.SignIn, Spraying(), restartEvery: 20);

        largest.Should().BeInRange(MemoryBound.MostBytes, (8 << 20) + (1 << 20));
        warnings.Should().Contain(warning => warning.StartsWith("The rules remember 6 MB together", StringComparison.Ordinal));
        once.Should().NotBeEmpty();
        often.Should().Equal(once);
    }

    [Fact]
    public async Task A_run_that_died_between_the_memory_and_the_checkpoint_finds_the_same()
    {
        var (once, _) = await DetectAsync(Streams.SignIn, Spraying().Take(5_000), restartEvery: int.MaxValue);
        var (often, _) = await DetectAsync(Streams.SignIn, Spraying().Take(5_000), restartEvery: 3, dies: true);

        often.Distinct().Should().Equal(once);
    }

    [Fact]
    public async Task A_damaged_memory_is_told_of_and_begun_anew()
    {
        await DetectAsync(Streams.SignIn, Spraying().Take(2_000), restartEvery: int.MaxValue);
        var file = _directory.GetFiles("*.bin").Single();
        using (var stream = file.OpenWrite())
        {
            stream.Position = 40;
            stream.WriteByte(0xff);
        }

        var stage = New();
        await foreach (var _ in stage.DetectAsync(OneAsync(Page(Spraying().Take(9), 9)), _mark, [], TestContext.Current.CancellationToken))
        {
        }

        stage.Warnings.Should().ContainSingle().Which.Should().StartWith("What the rules remembered is damaged");
    }

    [Fact]
    public async Task An_ordinary_day_of_a_thousand_people_is_remembered_whole()
    {
        var events = Enumerable.Range(0, 40_000).Select(at => (
            Began.AddMilliseconds(720 * at),
            $$$"""{"uuid":"{{{at:00000000000000000000000000}}}","timestamp":"{{{Began.AddMilliseconds(720 * at):O}}}","item_uuid":"I{{{at % 5000}}}","user":{"uuid":"U{{{at % 1000}}}"},"action":"{{{(at % 3 == 0 ? "secure-copy" : "reveal")}}}","client":{}}"""));

        var (_, warnings) = await DetectAsync(Streams.ItemUsage, events, restartEvery: int.MaxValue);

        warnings.Should().BeEmpty();
        _largest.Should().BeLessThan(8 << 20);
    }

    /// <param name="dies">Whether a run that ends does so before its last checkpoint is written.</param>
    async Task<(List<string> Findings, IReadOnlyList<string> Warnings)> DetectAsync(
        string stream, IEnumerable<(DateTimeOffset Time, string Json)> events, int restartEvery, bool dies = false)
    {
        var (stage, findings, pages, written) = (New(), new List<string>(), 0, 0L);
        (_mark, _largest) = (MemoryMark.Nothing, 0);
        var watched = Stopwatch.StartNew();
        foreach (var part in events.Chunk(PageSize))
        {
            pages++;
            for (var attempt = pages % restartEvery == 0 ? 2 : 1; attempt > 0; attempt--)
            {
                var page = Page(part, pages) with { Stream = stream };
                await foreach (var seen in stage.DetectAsync(OneAsync(page), _mark, [], TestContext.Current.CancellationToken))
                {
                    stage.Remember(seen.Remembered);
                    findings.AddRange(seen.Items.Where(item => item.IsFinding).Select(item => item.Id));
                    _mark = attempt == 2 && dies ? _mark : seen.Remembered.Mark;
                    _largest = Math.Max(_largest, seen.Remembered.Mark.Length);
                    written += seen.Remembered.Bytes.Length;
                }

                stage = attempt == 2 ? New() : stage;
                attempt -= dies ? 0 : 1;
            }
        }

        output.WriteLine(
            $"{pages} pages in {watched.Elapsed.TotalSeconds:0.0} s; {written / 1e6:0.0} MB written, {_largest / 1e6:0.0} MB at most; " +
            $"{findings.Count} findings");
        return (findings, stage.Warnings);
    }

    DetectionStage New() =>
        DetectionStages.With(InstalledRules.WithoutSettings(Rules), new StateDirectory(_directory.FullName));

    static EventPage Page(IEnumerable<(DateTimeOffset Time, string Json)> events, int number) => new(
        Streams.SignIn,
        [.. events.Select((each, at) => new ActivityEvent(0, each.Time, Encoding.UTF8.GetBytes(each.Json))
        {
            Id = $"{(number * PageSize) + at:D40}",
        })],
        [],
        StreamPositions.Create("events:test", []));

    // Everybody in the house is tried, again and again, and one of them more than the others.
    static IEnumerable<(DateTimeOffset Time, string Json)> Spraying() => Enumerable.Range(0, 24_000)
        .Select(at => (Began.AddMilliseconds(600 * at), FailedSignIn(at, user: at % 50 == 0 ? 0 : at % 997, network: at % 601)));

    static string FailedSignIn(int at, int user, int network) =>
        $$$"""{"uuid":"{{{at:00000000000000000000000000}}}","timestamp":"{{{Began.AddMilliseconds(600 * at):O}}}","category":"credentials_failed","target_user":{"uuid":"USER{{{user:00000000000000000000000000000000}}}"},"client":{"ip_address":"10.{{{network / 256}}}.{{{network % 256}}}.7"}}""";

    static async IAsyncEnumerable<NamedPage> OneAsync(EventPage page)
    {
        await Task.CompletedTask;
        yield return new NamedPage(page, NameBook.Empty);
    }
}
