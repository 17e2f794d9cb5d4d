using System.Globalization;

namespace OpCollector.Tests;

/// <summary>Events such as nobody expects: their bytes arrive, and their neighbours with them.</summary>
public sealed class OddEventSpecs : IDisposable
{
    readonly Sandbox _host = new();
    readonly Receiver _receiver = new();

    public OddEventSpecs() => _host.To(_receiver);

    public static TheoryData<string> Odd => [.. Events.Keys];

    static Dictionary<string, string> Events => new()
    {
        ["20 MB"] = $$"""{"eid":1001,"text":"{{new string('x', 20_000_000)}}"}""",
        ["a thousand deep"] = $$"""{"eid":1001,"deep":{{new string('[', 1000)}}{{new string(']', 1000)}}}""",
        ["a number of 30 digits"] = """{"eid":1001,"number":123456789012345678901234567890,"fraction":0.1234567890123456789}""",
        ["a lone surrogate and a NUL"] = """{"eid":1001,"text":"\ud800 \u0000"}""",
        ["breaks that are no line breaks of JSON"] = "{\"eid\":1001,\"text\":\"\u2028 \u2029 \u0085\"}",
        ["members twice"] = """{"eid":1001,"a":1,"a":2,"":3,"":4}""",
        ["a time of tomorrow"] = Account.Event(1001, DateTimeOffset.UtcNow.AddDays(1)),
        ["a time of no calendar"] = """{"eid":1001,"time":"2026-02-30T25:00:00Z"}""",
        ["words nobody knows"] = """{"eid":1001,"time":"2026-09-01T00:00:00Z","action":"telepathy","objectType":"moon","new":{"member":[]}}""",
    };

    public void Dispose()
    {
        _receiver.Dispose();
        _host.Dispose();
    }

    [Theory]
    [MemberData(nameof(Odd))]
    public async Task Its_bytes_arrive_and_so_do_its_neighbours(string kind)
    {
        string[] log = [Account.Event(1000), Events[kind], Account.Event(1002)];
        _host.Account.Append(log[0], $"@eid=1001\t{log[1]}", log[2]);

        var run = await _host.CollectAsync();
        var idle = await _host.CollectAsync();

        run.ExitCode.Should().Be(0, run.Stderr);
        Explanations.Remove(string.Join(',', _receiver.Requests.Select(request => request.Body[1..^1]))).Should().Be(string.Join(',', log));
        idle.Should().Be(new FinishedRun(0, "", ""));
        ((long)_host.Checkpoint["lastEventId"]!).Should().Be(1002);
    }

    [Fact]
    public async Task A_hundred_events_of_one_moment_arrive_once_and_in_order()
    {
        var moment = DateTimeOffset.Parse("2026-09-01T00:00:00Z", CultureInfo.InvariantCulture);
        var log = Enumerable.Range(1000, 250).Select(eid => (long)eid).ToArray();
        _host.Account.Append([.. log.Select(eid => Account.Event(eid, moment))]);

        await _host.CollectAsync();
        await _host.CollectAsync();

        _receiver.Accepted.Should().Equal(log);
    }
}
