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
    [InlineData("pwrite64", "seen", Page)]
    [InlineData("fsync", "seen", 0)]
    [InlineData("pwrite64", "checkpoint.json.tmp", 0)]
    [InlineData("fsync", "checkpoint.json.tmp", 0)]
    [InlineData("rename", "checkpoint.json.tmp", 0)]
    public async Task Killed_between_delivery_and_checkpoint_nothing_is_lost_and_one_batch_repeated_at_most(
        string call, string file, int repeated)
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
        _host.Uuids.Should().HaveCount(all.Length + repeated);
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

    static (string Stream, string Uuid)[] Events(string body) =>
        [.. JsonNode.Parse(body)!.AsArray().Select(each => ((string)each!["stream"]!, (string)each["uuid"]!))];
}
