using System.Text;
using OpCollector.Checkpoints;
using OpCollector.Delivery;
using OpCollector.Events;
using OpCollector.Names;
using OpCollector.Sources.EventsApi;
using OpCollector.Sources.Op;
using OpCollector.Storage;
using Serilog.Core;

namespace OpCollector.Tests;

/// <summary>State directories that an earlier version has left, in <c>States/</c>, are read to the letter.</summary>
public sealed class EarlierStateSpecs : IDisposable
{
    readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("opcollector-test-");

    public static TheoryData<string, string, string, string?> Checkpoints => new()
    {
        { "op", "checkpoint.json", "event 1413 (2026-11-26 12:59:00Z)", null },
        { "op", "checkpoint.prev.json", "the beginning of the log", null },
        { "op", "backfill-11109b0b7925.json", "event 1000", "event 4000" },
        { "op", "backfill-11109b0b7925.prev.json", "event 1000", "event 4000" },
        { "op", "backfill-ea0506201008.json", "event 2806 (2026-11-27 15:18:00Z)", "event 5619" },
        { "op", "backfill-ea0506201008.prev.json", "event 2806 (2026-11-27 15:18:00Z)", "event 5619" },
        {
            "events-api",
            "checkpoint.json",
            "audit 2026-11-29 20:17:38Z, itemusage 2026-11-29 19:48:38Z, signin 2026-11-29 20:17:38Z",
            null
        },
        {
            "events-api",
            "checkpoint.prev.json",
            "audit 2026-11-29 20:15:38Z, itemusage 2026-11-29 19:48:38Z, signin 2026-11-29 20:17:38Z",
            null
        },
        { "events-api", "backfill-a74f38289be9.json", "2026-11-29 20:11:38Z", null },
        { "events-api", "backfill-a74f38289be9.prev.json", "2026-11-29 20:11:38Z", null },
    };

    static DateTimeOffset Then { get; } = new(2026, 11, 29, 21, 0, 0, TimeSpan.Zero);

    public void Dispose() => _directory.Delete(recursive: true);

    [Theory, MemberData(nameof(Checkpoints))]
    public void A_checkpoint_means_what_it_meant_and_is_written_again_to_the_letter(string source, string name, string text, string? end)
    {
        var state = Copied(source);

        var checkpoint = new CheckpointFile(state, name, source == "op" ? "op:acme" : StreamPositions.AnyAccount, Logger.None).Read()!;

        (checkpoint.Position.Text, checkpoint.Position.End).Should().Be((text, end));
        Encoding.UTF8.GetString(CheckpointFile.Serialize(CheckpointContent.Create(checkpoint)))
            .Should().Be(File.ReadAllText(state.PathOf(name)));
    }

    [Fact]
    public async Task A_walk_is_gone_on_with()
    {
        var state = Copied("op");
        var log = new LogModel(NewerMeans.Newest, new Random(1));
        Enumerable.Range(0, 60).ToList().ForEach(i => log.Add(1000 + (7 * i), Then.AddDays(-3)));
        Enumerable.Range(0, 1500).ToList().ForEach(i => log.Add(1420 + (7 * i), Then.AddDays(-2)));
        var position = new CheckpointFile(state, CheckpointFile.Main, "op:acme", Logger.None).Read()!.Position;
        var walk = new OpWalk(log, "op:acme", state.PathOf("walk.ndjson"), Logger.None);
        await using var source = new OpSource(log, walk, "op:acme", TimeProvider.System, Logger.None);
        var delivered = new List<long>();

        await foreach (var page in source.PagesAsync(position, TestContext.Current.CancellationToken))
        {
            delivered.AddRange(page.Events.Select(each => each.Eid));
            position = page.Position;
        }

        source.Finish(position);
        delivered.Should().Equal(log.Eids.Skip(60));
        log.Asked.Should().BeLessThan(1500 / 100, "half of the walk was there");
        File.Exists(state.PathOf("walk.ndjson")).Should().BeFalse();
    }

    [Fact]
    public void Names_the_quarantine_a_refusal_and_what_was_seen_are_known()
    {
        var (op, api) = (Copied("op"), Copied("events-api"));
        var page = EventsApiPage.Parse(Encoding.UTF8.GetBytes($$"""
            {"cursor":"c","has_more":false,"items":[
              {"uuid":"AUDIT00","timestamp":"2026-11-29T20:08:38Z","actor_uuid":"{{new string('A', 26)}}","action":"create","object_type":"user","object_uuid":"{{new string('B', 26)}}"},
              {"uuid":"AUDIT10","timestamp":"2026-11-29T20:18:38Z"}]}
            """));

        var files = new SeenFiles(api, "audit");
        var (news, _) = new SeenOnDisk(files, files.Count(), new VirtualTime(Then)).Fresh(page, Then.AddDays(-1));

        new NameBookFile(op, "op:acme").Read()[NameKind.User].Names.Should().ContainSingle().Which.Name.Should().Be("Wendy Appleseed");
        QuarantineFile.Open(op, TimeProvider.System).Items().Select(item => item.Id).Should().Equal("1042", "1357");
        new EventsApiMemory.RunMemory(api).PauseOf(EventStream.ItemUsage, Then)!.Until.Hour.Should().Be(21);
        news.Events.Select(each => each.Id).Should().Equal("AUDIT10");
    }

    StateDirectory Copied(string source)
    {
        var copy = _directory.CreateSubdirectory(source);
        foreach (var file in Directory.EnumerateFiles(ShippedFiles.Source($"tests/OpCollector.Tests/States/{source}")))
        {
            File.Copy(file, Path.Combine(copy.FullName, Path.GetFileName(file)));
        }

        return new StateDirectory(copy.FullName);
    }
}
