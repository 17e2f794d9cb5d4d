using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using EventsApiEmulator;
using OpCollector.Checkpoints;
using OpCollector.Events;
using OpCollector.Sources;
using OpCollector.Sources.EventsApi;
using OpCollector.Storage;
using SiemEmulator.Faults;

namespace OpCollector.Tests.Support;

/// <summary>
/// Runs of the shipped program on the Events API, in which the API, the network, the receiver and the disk fail by a seed, events
/// come late, and SIGKILL comes at any time.
/// </summary>
internal sealed class FaultyApiProcesses : IDisposable
{
    static readonly string[] DiskFaults =
    [
        "fsync:error=EIO", "rename:error=EIO", "pwrite64:error=ENOSPC", "link:error=EIO",
        "fsync:signal=SIGKILL", "rename:signal=SIGKILL", "pwrite64:signal=SIGKILL", "link:signal=SIGKILL",
    ];

    readonly Sandbox _host = new();
    readonly EventsApi _api = new();
    readonly Dictionary<string, List<Inserted>> _streams = EventStream.All.ToDictionary(
        stream => stream.Feature, _ => new List<Inserted>());
    readonly Random _random;
    readonly string _what;
    readonly string _format;
    readonly int _limit;
    readonly FaultyReceiver _receiver;
    DateTimeOffset _now = DateTimeOffset.UtcNow.AddHours(-2);
    long _last = 1000;
    int _failures;

    public FaultyApiProcesses(int seed, string[] formats)
    {
        _random = new Random(seed);
        _format = formats[_random.Next(formats.Length)];
        _limit = _random.Next(5, 60);
        _api.Order = (CursorOrder)_random.Next(2);
        _what = $"seed {seed} ({_format}, {_api.Order})";
        _receiver = new FaultyReceiver(_format, new Random(seed + 1), IsPoison) { OnStored = () => _receiver!.UnlessCalm(_host.KillRun) };
        _host.From(_api);
        (_host.Api["limit"], _host.Configuration["start"], _host.Configuration["maxRunTime"]) = (_limit, "30d", "4s");
        _host.Api["overlap"] = new JsonObject { ["audit"] = "48h", ["signin"] = "48h" };
        _host.Api["overlapEvery"] = new JsonObject { ["audit"] = "1s", ["signin"] = "1s", ["itemusage"] = "1s" };
        _host.Configuration["sink"] = new JsonObject
        {
            ["type"] = "webhook",
            ["url"] = _receiver.Url,
            ["format"] = _format,
            ["timeout"] = "1s"
        };
    }

    IEnumerable<long> All => _streams.Values.SelectMany(stream => stream).Select(each => each.Eid);

    public async Task SurviveAsync()
    {
        for (var run = _random.Next(1, 5); run > 0; run--)
        {
            Grow();
            await CollectAsync();
        }

        _receiver.IsCalm = true;
        _api.Recover();
        _api.OnRequest = null;
        _host.Configuration["maxRunTime"] = "40s";
        // A stream that refused the token is left alone until somebody says that it is mended.
        (await _host.RunAsync("check")).ExitCode.Should().Be(0, _what);
        foreach (var stream in File.Exists(_host.State("checkpoint.json")) ? EventStream.All : [])
        {
            EventsApiState.LetTheLookBackBeDue(_host, stream.Name, hours: 1);
        }

        for (var run = 0; run < 3; run++)
        {
            var finished = await _host.CollectAsync();
            if (finished.ExitCode == 78)
            {
                finished = await _host.CollectAsync("--quarantine-rejected");
            }

            finished.ExitCode.Should().BeOneOf([0, 2], $"{_what}: {finished.Stderr}");
        }

        ShouldBeWhole();
    }

    public void Dispose()
    {
        _receiver.Dispose();
        _host.Dispose();
        _api.Dispose();
    }

    static bool IsPoison(long eid) => eid % 41 == 0;

    void Grow()
    {
        foreach (var (feature, stream) in _streams)
        {
            for (var count = _random.Next(0, _format == "single" ? 30 : 120); count > 0; count--)
            {
                _now = _now.AddSeconds(1);
                var isLate = _random.Next(8) == 0;
                var inserted = new Inserted(++_last, isLate ? _now.AddMinutes(-_random.Next(1, 40 * 60)) : _now, isLate);
                _api.Add(
                    feature,
                    inserted.Time,
                    $"{inserted.Eid}",
                    $$"""{"uuid":"{{inserted.Eid}}","timestamp":"{{inserted.Time.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffffff}}00Z","eid":{{inserted.Eid}}}""");
                stream.Add(inserted);
            }
        }
    }

    async Task CollectAsync()
    {
        _api.Recover();
        for (var troubles = _random.Next(3); troubles > 0; troubles--)
        {
            _api.With(
                AnyTrouble() with
                {
                    Feature = _random.Next(2) == 0 ? ApiToken.All[_random.Next(3)] : null,
                    After = _random.Next(6),
                    Times = _random.Next(1, 4)
                });
        }

        var requests = _random.Next(4) == 0 ? _random.Next(1, 15) : int.MaxValue;
        _api.OnRequest = _ =>
        {
            if (Interlocked.Decrement(ref requests) == 0)
            {
                _receiver.UnlessCalm(_host.KillRun);
            }
        };
        if (_random.Next(8) == 0)
        {
            _api.ForgetCursors();
        }

        using var running = _random.Next(3) == 0
            ? Strace.Start(_host, $"{DiskFaults[_random.Next(DiskFaults.Length)]}:when={_random.Next(1, 8)}", [], "collect")
            : _host.Start("collect");
        var finished = await running.ToEndAsync();
        _failures += finished.ExitCode is 0 or 2 ? 0 : 1;
        finished.ExitCode.Should().NotBe(70, $"{_what}: {finished.Stderr}");
        finished.Stderr.Should().NotContain("   at ", $"{_what}: no stack trace").And.NotContain(_api.Token.Text, $"{_what}: no secret");
        ShouldNotBeAhead();
    }

    Trouble AnyTrouble() => _random.Next(9) switch
    {
        0 => Trouble.Answer(500, "trouble"),
        1 => Trouble.Answer(503, "", "Retry-After: 1"),
        2 => Trouble.Answer(429, "", "Retry-After: 1"),
        3 => Trouble.Answer(429),
        4 => Trouble.Answer(400, """{"status":400,"message":"no"}"""),
        5 => Trouble.Answer(401, "no"),
        6 => Trouble.OnTheWire(Manner.ResetInside),
        7 => Trouble.OnTheWire(Manner.ShortLength),
        _ => Trouble.OnTheWire(Manner.Close),
    };

    // What the checkpoint or a seen file says is delivered, is.
    void ShouldNotBeAhead()
    {
        var settled = _receiver.Stored.Concat(Quarantined()).ToHashSet();
        var state = new StateDirectory(_host.State(""));
        foreach (var stream in EventStream.All)
        {
            var inserted = _streams[stream.Feature];
            var seen = state.Names($"seen-{stream.Name}-", ".bin")
                .SelectMany(name => SeenIn(state.PathOf(name)))
                .Select(id => id.First)
                .ToHashSet();
            inserted.Where(each => seen.Contains(SeenId.Hash($"{each.Eid}").First)).Select(each => each.Eid).Except(settled)
                .Should().BeEmpty($"{_what}: what is seen is delivered");
            if (File.Exists(_host.State("checkpoint.json")) && (string?)_host.Checkpoint["streams"]![stream.Name]!["cursor"] is { } cursor)
            {
                inserted.Where((each, number) => IsPassed(each, number, Cursor.TryParse(cursor)!)).Select(each => each.Eid).Except(settled)
                    .Should().BeEmpty($"{_what}: the cursor is not ahead");
            }
        }
    }

    bool IsPassed(Inserted each, int number, Cursor cursor) => _api.Order == CursorOrder.Insertion
        ? number < cursor.Number
        : !each.IsLate && each.Time.ToUnixTimeMilliseconds() <= cursor.Milliseconds;

    void ShouldBeWhole()
    {
        var arrived = _receiver.Stored.Distinct().ToArray();
        _receiver.ShouldHaveSettled([.. All], Quarantined(), _what);
        foreach (var stream in _streams.Values.Where(_ => _format is not ("elasticsearch" or "opensearch")))
        {
            var inOrder = stream.Where(each => !each.IsLate).Select(each => each.Eid).ToHashSet();
            arrived.Where(inOrder.Contains).Except(_receiver.Spurned).Should().BeInAscendingOrder($"{_what}: each stream in order");
        }

        (_receiver.Stored.Count - arrived.Length).Should().BeLessThanOrEqualTo(
            _limit * (_failures + _receiver.Ambiguous), $"{_what}: a failure repeats one batch");
    }

    static SeenId[] SeenIn(string path)
    {
        var bytes = File.ReadAllBytes(path).AsSpan();
        return [.. MemoryMarshal.Cast<byte, SeenId>(bytes[..(bytes.Length / SeenId.Size * SeenId.Size)])];
    }

    long[] Quarantined() => [.. _host.Quarantine
        .Where(line => line.EndsWith('}'))
        .Select(line => long.Parse((string)JsonNode.Parse(line)!["id"]!, CultureInfo.InvariantCulture))];

    /// <summary>An event, as it was put into its stream.</summary>
    sealed record Inserted(long Eid, DateTimeOffset Time, bool IsLate);
}
