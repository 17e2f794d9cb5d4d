using System.Text.Json.Nodes;
using EventsApiEmulator;
using OpCollector.Events;

namespace OpCollector.Tests;

/// <summary>
/// Killed at any instant of deliver, quarantine, seen, checkpoint: the next run delivers what is missing of each stream, in order,
/// and repeats at most the batch that was on its way.
/// </summary>
public sealed class EventsApiKillSpecs : IDisposable
{
    const int Killed = 137;
    const int Page = 10;

    readonly EventsApi _api = new();
    readonly Sandbox _host = new();
    readonly Receiver _receiver = new();

    public EventsApiKillSpecs() => _host.From(_api).Api["limit"] = Page;

    public void Dispose()
    {
        _receiver.Dispose();
        _host.Dispose();
        _api.Dispose();
    }

    [Theory]
    [InlineData("pwrite64", "seen")]
    [InlineData("fsync", "seen")]
    [InlineData("pwrite64", "checkpoint.json.tmp")]
    [InlineData("fsync", "checkpoint.json.tmp")]
    [InlineData("rename", "checkpoint.json.tmp")]
    public async Task Killed_between_delivery_and_checkpoint_nothing_is_lost_and_one_batch_repeated_at_most(string call, string file)
    {
        _host.From(_api, "audit").Api["limit"] = Page;
        _host.Configuration["start"] = "48h";
        await _host.CollectAsync();
        var last = DateTimeOffset.UtcNow.Date.AddHours(-12);
        var all = _api.AddMany("auditevents", 3 * Page, last, TimeSpan.FromSeconds(1));

        var killed = await Strace.CollectAsync(
            _host, $"{call}:signal=SIGKILL:when=1", _host.State(file == "seen" ? $"seen-audit-{last:yyyy-MM-dd}.bin" : file));
        var next = await _host.CollectAsync();

        killed.ExitCode.Should().Be(Killed);
        next.ExitCode.Should().Be(0, next.Stderr);
        _host.Uuids.Distinct().Should().Equal(all);
        _host.Uuids.Should().HaveCount(all.Length + Page);
    }

    // Ids of a page that are on the disk before its checkpoint must not keep it from the rules, which have forgotten it.
    [Theory]
    [InlineData("fsync:signal=SIGKILL:when=1", "seen")]
    [InlineData("fsync:error=EIO:when=1", "checkpoint.json.tmp")]
    [InlineData("rename:signal=SIGKILL:when=1", "checkpoint.json.tmp")]
    public async Task A_run_that_ends_before_its_checkpoint_changes_no_finding(string fault, string file)
    {
        var began = DateTimeOffset.UtcNow.Date.AddHours(-12);
        using var undisturbed = new Sandbox();
        foreach (var host in new[] { undisturbed, _host })
        {
            host.From(_api, "audit").Configuration["start"] = "48h";
            host.Configuration.Remove("detection");
        }

        AddDeletions(6, began);
        await undisturbed.CollectAsync();
        await _host.CollectAsync();
        AddDeletions(3, began.AddMinutes(1));
        await undisturbed.CollectAsync();
        var ended = await Strace.CollectAsync(
            _host, fault, _host.State(file == "seen" ? $"seen-audit-{began:yyyy-MM-dd}.bin" : file));
        await _host.CollectAsync();
        AddDeletions(1, began.AddMinutes(2));
        await undisturbed.CollectAsync();
        var next = await _host.CollectAsync();

        ended.ExitCode.Should().BeOneOf(Killed, 74);
        next.ExitCode.Should().Be(0, next.Stderr);
        FindingsOf(_host).Should().BeEquivalentTo(FindingsOf(undisturbed)).And.NotBeEmpty();
    }

    [Fact]
    public async Task Killed_between_two_streams_each_goes_on_where_it_was()
    {
        string[][] streams =
            [.. EventStream.All.Select(stream => _api.AddMany(stream.Feature, 3 * Page, DateTimeOffset.UtcNow, TimeSpan.FromSeconds(1)))];
        var first = (string?)null;
        _receiver.Judge = body =>
        {
            var stream = Events(body)[0].Stream;
            if (stream == (first ??= stream))
            {
                return null;
            }

            _host.KillRun();
            return Receiver.Answer.Silence(counts: true);
        };

        var killed = await _host.To(_receiver).CollectAsync();
        _receiver.Judge = null;
        var next = await _host.CollectAsync();

        killed.ExitCode.Should().Be(Killed);
        next.ExitCode.Should().Be(0, next.Stderr);
        var arrived = _receiver.Requests.Where(request => request.IsAccepted).SelectMany(request => Events(request.Body)).ToArray();
        foreach (var (stream, uuids) in EventStream.All.Zip(streams))
        {
            arrived.Where(each => each.Stream == stream.Name).Select(each => each.Uuid).Distinct().Should().Equal(uuids);
        }

        arrived.Length.Should().Be(9 * Page + Page, "the batch that was on its way came again, and no other");
    }

    void AddDeletions(int count, DateTimeOffset from)
    {
        for (var at = 0; at < count; at++)
        {
            var (uuid, time) = ($"{from:mm}-{at}", from.AddSeconds(at));
            _api.Add(
                "auditevents",
                time,
                uuid,
                $$"""{"uuid":"{{uuid}}","timestamp":"{{time:yyyy-MM-dd'T'HH:mm:ss'Z'}}","actor_uuid":"A","action":"delete","object_type":"vault","object_uuid":"V{{uuid}}"}""");
        }
    }

    static string[] FindingsOf(Sandbox host) =>
    [
        .. File.ReadLines(host.Output)
            .Select(line => JsonNode.Parse(line)!)
            .Where(each => (string?)each["kind"] == "finding")
            .Select(each => (string)each["id"]!)
            .Distinct(),
    ];

    static (string Stream, string Uuid)[] Events(string body) =>
        [.. JsonNode.Parse(body)!.AsArray().Select(each => ((string)each!["stream"]!, (string)each["uuid"]!))];
}
