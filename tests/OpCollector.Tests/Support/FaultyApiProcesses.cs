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

/// <summary>Runs with the Events API, which fails by the seed, forgets its cursors, and shows some events late.</summary>
internal sealed class FaultyApiProcesses : FaultyProcessRun
{
    readonly EventsApi _api = new();
    readonly Dictionary<string, List<Inserted>> _streams = EventStream.All.ToDictionary(
        stream => stream.Feature, _ => new List<Inserted>());
    readonly int _limit;
    DateTimeOffset _now = DateTimeOffset.UtcNow.AddHours(-2);
    long _last = 1000;

    public FaultyApiProcesses(int seed, string[] formats)
        : base(seed, formats, lastCall: 8)
    {
        _limit = Random.Next(5, 60);
        _api.Order = (CursorOrder)Random.Next(2);
        Name = $"seed {seed} ({Format}, {_api.Order})";
        Host.From(_api);
        Configure();
        (Host.Api["limit"], Host.Configuration["start"]) = (_limit, "30d");
        Host.Api["overlap"] = new JsonObject { ["audit"] = "48h", ["signin"] = "48h" };
        Host.Api["overlapEvery"] = new JsonObject { ["audit"] = "1s", ["signin"] = "1s", ["itemusage"] = "1s" };
    }

    protected override string Name { get; }

    protected override int MostRepeated => _limit;

    protected override IEnumerable<long> All => _streams.Values.SelectMany(stream => stream).Select(each => each.Eid);

    public override void Dispose()
    {
        base.Dispose();
        _api.Dispose();
    }

    protected override void Grow()
    {
        foreach (var (feature, stream) in _streams)
        {
            for (var count = Random.Next(0, Format == "single" ? 30 : 120); count > 0; count--)
            {
                _now = _now.AddSeconds(1);
                var isLate = Random.Next(8) == 0;
                var inserted = new Inserted(++_last, isLate ? _now.AddMinutes(-Random.Next(1, 40 * 60)) : _now, isLate);
                _api.Add(
                    feature,
                    inserted.Time,
                    $"{inserted.Eid}",
                    $$"""{"uuid":"{{inserted.Eid}}","timestamp":"{{inserted.Time.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffffff}}00Z","eid":{{inserted.Eid}}}""");
                stream.Add(inserted);
            }
        }
    }

    protected override void Disturb()
    {
        _api.Recover();
        for (var troubles = Random.Next(3); troubles > 0; troubles--)
        {
            _api.With(
                AnyTrouble() with
                {
                    Feature = Random.Next(2) == 0 ? ApiToken.All[Random.Next(3)] : null,
                    After = Random.Next(6),
                    Times = Random.Next(1, 4)
                });
        }

        var requests = Random.Next(4) == 0 ? Random.Next(1, 15) : int.MaxValue;
        _api.OnRequest = _ =>
        {
            if (Interlocked.Decrement(ref requests) == 0)
            {
                Kill();
            }
        };
        if (Random.Next(8) == 0)
        {
            _api.ForgetCursors();
        }
    }

    protected override async Task CalmAsync()
    {
        _api.Recover();
        _api.OnRequest = null;
        // A stream that refused the token is left alone until somebody says that it is mended.
        (await Host.RunAsync("check")).ExitCode.Should().Be(0, Name);
        foreach (var stream in File.Exists(Host.State("checkpoint.json")) ? EventStream.All : [])
        {
            EventsApiState.LetTheLookBackBeDue(Host, stream.Name, hours: 1);
        }
    }

    protected override void ShouldBeClean(FinishedRun finished)
    {
        base.ShouldBeClean(finished);
        finished.Stderr.Should().NotContain(_api.Token.Text, $"{Name}: no secret");
    }

    protected override void ShouldNotBeAhead()
    {
        var settled = Receiver.Stored.Concat(Quarantined()).ToHashSet();
        var state = new StateDirectory(Host.State(""));
        foreach (var stream in EventStream.All)
        {
            var inserted = _streams[stream.Feature];
            var seen = state.Names($"seen-{stream.Name}-", ".bin")
                .SelectMany(name => SeenIn(state.PathOf(name)))
                .Select(id => id.First)
                .ToHashSet();
            inserted.Where(each => seen.Contains(SeenId.Hash($"{each.Eid}").First)).Select(each => each.Eid).Except(settled)
                .Should().BeEmpty($"{Name}: what is seen is delivered");
            if (File.Exists(Host.State("checkpoint.json")) && (string?)Host.Checkpoint["streams"]![stream.Name]!["cursor"] is { } cursor)
            {
                inserted.Where((each, number) => IsPassed(each, number, Cursor.TryParse(cursor)!)).Select(each => each.Eid).Except(settled)
                    .Should().BeEmpty($"{Name}: the cursor is not ahead");
            }
        }
    }

    protected override IEnumerable<IEnumerable<long>> Ordered() =>
        _streams.Values.Select(stream => stream.Where(each => !each.IsLate).Select(each => each.Eid));

    Trouble AnyTrouble() => Random.Next(9) switch
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

    bool IsPassed(Inserted each, int number, Cursor cursor) => _api.Order == CursorOrder.Insertion
        ? number < cursor.Number
        : !each.IsLate && each.Time.ToUnixTimeMilliseconds() <= cursor.Milliseconds;

    static SeenId[] SeenIn(string path)
    {
        var bytes = File.ReadAllBytes(path).AsSpan();
        return [.. MemoryMarshal.Cast<byte, SeenId>(bytes[..(bytes.Length / SeenId.Size * SeenId.Size)])];
    }

    /// <summary>An event, as it was put into its stream.</summary>
    sealed record Inserted(long Eid, DateTimeOffset Time, bool IsLate);
}
