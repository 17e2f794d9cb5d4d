using System.Diagnostics;
using System.Text.Json.Nodes;
using OpCollector.Sources;

namespace OpCollector.Tests;

/// <summary>
/// Files of the state that are not what they were: nothing hangs, nothing is written elsewhere, and nothing is guessed at.
/// </summary>
public sealed class StateFilesSpecs : IDisposable
{
    const string Whole = """
        "format":1,"source":"op:acme","lastEventId":7,"lastEventTime":null,"recentIds":[],"recentTimes":[],"recentDelivered":[],"recentMalformed":[]
        """;

    readonly Sandbox _host = new();
    readonly long[] _log;

    public StateFilesSpecs() => _log = _host.Account.Log(3);

    string Victim => Path.Combine(_host.Root, "victim");

    public void Dispose() => _host.Dispose();

    [Theory]
    [InlineData("checkpoint.json", 78)]
    [InlineData("checkpoint.prev.json", 0, 74, 78)]
    [InlineData("checkpoint.json.tmp", 0, 74)]
    [InlineData("collect.lock", 78)]
    [InlineData("op.json", 0, 74, 78)]
    [InlineData("op.lock", 0, 78)]
    [InlineData("names.json", 0, 78)]
    [InlineData("names.lock", 0, 78)]
    [InlineData("last-run.json", 0)]
    [InlineData("last-run.json.tmp", 0)]
    [InlineData("walk.ndjson", 0, 78)]
    [InlineData("quarantine.ndjson", 0, 78)]
    [InlineData("quarantine.lock", 0, 78)]
    public async Task What_is_no_file_is_left_alone(string file, params int[] exitCodes)
    {
        await _host.CollectAsync();
        var newest = 2000L;
        foreach (var kind in new[] { "pipe", "directory", "link", "link to nothing", "link to a device", "socket" })
        {
            // A new event, and an item for the quarantine.
            _host.Account.Log(1, first: newest += 10);
            _host.Account.Append($"@eid={newest + 5}\t{{\"no\":\"eid\"}}");
            Remove(_host.State(file));
            File.Delete(Victim);
            OddFiles.Make(kind, _host.State(file), Victim);

            var run = await _host.CollectAsync();
            var status = await _host.RunAsync("status");

            run.ExitCode.Should().BeOneOf(
                [.. exitCodes, 2, .. kind == "directory" && file != "last-run.json" && file != "last-run.json.tmp"
                    ? [74]
                    : Array.Empty<int>()],
                $"{kind}: {run}");
            run.Errors.Should().HaveCountLessThanOrEqualTo(1, kind);
            status.ExitCode.Should().BeOneOf([0, 78], $"{kind}: {status}");
            (File.Exists(Victim) ? await File.ReadAllTextAsync(Victim) : "nothing")
                .Should().Be(kind == "link" ? "somebody else's" : "nothing", kind);
        }

        Remove(_host.State(file));
        (await _host.CollectAsync()).ExitCode.Should().BeOneOf(0, 2);
        _host.Delivered.Distinct().Count().Should().Be(9);
    }

    [Theory]
    [InlineData("""{"found":[null]}""")]
    [InlineData(
        """{"found":[{"ended":"2026-11-01T00:00:00Z","findings":2147483647},{"ended":"2026-11-01T00:00:00Z","findings":2147483647}]}""")]
    [InlineData(
        """{"totals":{"since":"2026-11-01T00:00:00Z","runs":{"0":9223372036854775807,"2":9223372036854775807},"events":1,"findings":0,"batches":1,"quarantined":0}}""")]
    [InlineData(
        """{"totals":{"since":"2026-11-01T00:00:00Z","runs":{},"events":9223372036854775807,"findings":0,"batches":1,"quarantined":-5}}""")]
    [InlineData("""{"delivered":-1}""")]
    [InlineData("""{"exitCode":99999999999}""")]
    [InlineData("""{"started":"9999-12-31T23:59:59Z","ended":"0001-01-01T00:00:00Z","lastGood":"9999-12-31T23:59:59-14:00"}""")]
    [InlineData("""{"message":"\ud800"}""")]
    public async Task A_report_that_no_run_has_written_is_no_hindrance(string members)
    {
        await _host.CollectAsync();
        var report = _host.LastRun.AsObject();
        var text = report.ToJsonString();
        foreach (var (member, value) in members.Contains("ud800", StringComparison.Ordinal)
            ? []
            : JsonNode.Parse(members)!.AsObject().ToArray())
        {
            report[member] = value?.DeepClone();
        }

        await File.WriteAllTextAsync(
            _host.State("last-run.json"),
            text == report.ToJsonString()
                ? text.Replace("\"message\":null", members[1..^1], StringComparison.Ordinal)
                : report.ToJsonString());
        _host.Account.Log(2, first: 2000);

        var status = await _host.RunAsync("status");
        var json = await _host.RunAsync("status", "--output", "json");
        var run = await _host.CollectAsync();

        new[] { status.ExitCode, json.ExitCode, run.ExitCode }.Should().Equal([0, 0, 0], $"{status} {json} {run}");
        _host.Delivered.Should().HaveCount(5);
    }

    [Theory]
    [InlineData("\"recentIds\":[]", "\"recentIds\":[5,6,7]")]
    [InlineData("\"recentTimes\":[]", "\"recentTimes\":[5]")]
    [InlineData(
        "\"recentIds\":[],\"recentTimes\":[],\"recentDelivered\":[]",
        "\"recentIds\":[7],\"recentTimes\":[9223372036854775807],\"recentDelivered\":[0]")]
    [InlineData(
        "\"recentIds\":[],\"recentTimes\":[],\"recentDelivered\":[]",
        "\"recentIds\":[7],\"recentTimes\":[0],\"recentDelivered\":[-9223372036854775808]")]
    [InlineData(
        "\"recentIds\":[],\"recentTimes\":[],\"recentDelivered\":[]", "\"recentIds\":[-7],\"recentTimes\":[0],\"recentDelivered\":[0]")]
    [InlineData("\"recentMalformed\":[]", "\"recentMalformed\":[null]")]
    [InlineData("\"recentMalformed\":[]", "\"recentMalformed\":null")]
    [InlineData("\"lastEventId\":7", "\"lastEventId\":-7")]
    [InlineData("\"lastEventId\":7", "\"lastEventId\":99999999999999999999")]
    [InlineData("\"source\":\"op:acme\"", "\"source\":null")]
    [InlineData("\"lastEventTime\":null", "\"lastEventTime\":\"10000-01-01T00:00:00Z\"")]
    [InlineData("\"recentMalformed\":[]", "\"recentMalformed\":[],\"streams\":{\"audit\":null}")]
    [InlineData(
        "\"recentMalformed\":[]",
        "\"recentMalformed\":[],\"streams\":{\"weather\":{\"from\":\"2026-11-01T00:00:00Z\",\"rereadAt\":\"2026-11-01T00:00:00Z\"}}")]
    [InlineData("\"recentMalformed\":[]", "\"recentMalformed\":[],\"correlations\":[null]")]
    [InlineData(
        "\"recentMalformed\":[]",
        "\"recentMalformed\":[],\"correlations\":[{\"rule\":\"r\",\"key\":\"k\",\"firedAt\":null,\"matches\":[null]}]")]
    [InlineData("\"recentMalformed\":[]", "\"recentMalformed\":[],\"backfill\":{\"from\":-1,\"to\":3}")]
    public async Task A_checkpoint_that_no_run_has_written_is_refused_though_its_checksum_fits(string member, string instead)
    {
        Directory.CreateDirectory(_host.State(""));
        await File.WriteAllTextAsync(
            _host.State("checkpoint.json"), OddFiles.Checkpoint(Whole.Replace(member, instead, StringComparison.Ordinal)));

        var run = await _host.CollectAsync();
        var status = await _host.RunAsync("status");
        var reset = await _host.RunAsync("checkpoint", "reset");
        var anew = await _host.CollectAsync();

        run.ExitCode.Should().Be(78, run.Stderr);
        run.Complaint.Should().Contain("checkpoint reset");
        status.ExitCode.Should().Be(78, status.Stderr);
        reset.ExitCode.Should().Be(0, reset.Stderr);
        anew.ExitCode.Should().Be(0, anew.Stderr);
        _host.Delivered.Should().Equal(_log);
    }

    [Theory]
    [InlineData("op.json", """{"executable":5}""")]
    [InlineData("op.json", """{"refusal":{"times":2147483647,"at":"0001-01-01T00:00:00Z","until":"9999-12-31T23:59:59Z"}}""")]
    [InlineData("op.json", """{"totpStep":-9223372036854775808}""")]
    [InlineData("op.json", "\"\\ud800\"")]
    [InlineData("names.json", """{"format":1,"source":"op:acme","users":null}""")]
    [InlineData(
        "names.json",
        """{"format":1,"source":"op:acme","users":{"names":[null],"missing":{}},"groups":{"names":[],"missing":{}},"vaults":{"names":[],"missing":{}}}""")]
    [InlineData(
        "names.json",
        """{"format":1,"source":"op:acme","users":{"names":[{"uuid":null}],"missing":{}},"groups":{"names":[],"missing":{}},"vaults":{"names":[],"missing":{}}}""")]
    [InlineData(
        "names.json",
        """{"format":1,"source":"op:acme","users":{"names":[],"missing":{},"read":"0001-01-01T00:00:00Z","tried":"0001-01-01T00:00:00Z"},"groups":{"names":[],"missing":{}},"vaults":{"names":[],"missing":{}}}""")]
    [InlineData(
        "names.json",
        """{"format":1,"source":"op:acme","users":{"names":[],"missing":{},"read":"9999-12-31T23:59:59Z","tried":"9999-12-31T23:59:59Z"},"groups":{"names":[],"missing":{}},"vaults":{"names":[],"missing":{}}}""")]
    [InlineData("collect.lock", """{"pid":-1,"started":"9999-12-31T23:59:59Z"}""")]
    public async Task What_can_be_had_again_is_no_hindrance(string file, string content)
    {
        Directory.CreateDirectory(_host.State(""));
        await File.WriteAllTextAsync(_host.State(file), content);

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(0, run.Stderr);
        _host.Delivered.Should().Equal(_log);
    }

    [Theory]
    [InlineData("collect")]
    [InlineData("checkpoint reset")]
    [InlineData("backfill --from 1")]
    [InlineData("replay")]
    public async Task Nothing_is_written_into_the_directory_of_somebody_else(string command)
    {
        Assert.SkipUnless(Environment.UserName == "root", "only root can give a directory away");
        await _host.CollectAsync();
        await File.WriteAllTextAsync(
            _host.State("quarantine.ndjson"),
            """{"when":"2026-11-01T00:00:00Z","stream":"audit","id":"1","why":"is wrong","event":{}}""" + "\n");
        using (var chown = Process.Start("/bin/chown", ["-R", "65533", _host.State("")]))
        {
            await chown.WaitForExitAsync();
        }

        var before = Files();

        var run = await _host.RunAsync(command.Split(' '));
        var looked = await _host.RunAsync("status");

        run.ExitCode.Should().Be(78);
        run.Complaint.Should().ContainAll("65533", "sudo -u", "chown");
        looked.ExitCode.Should().Be(0, looked.Stderr);
        Files().Should().BeEquivalentTo(before);
    }

    Dictionary<string, string> Files() => Directory.GetFiles(_host.State("")).ToDictionary(file => file, File.ReadAllText);

    static void Remove(string path)
    {
        if (Directory.Exists(path) && new FileInfo(path).LinkTarget is null)
        {
            Directory.Delete(path);
        }

        File.Delete(path);
    }
}
