using System.Globalization;
using System.Text.Json.Nodes;
using OpCollector.Sources;

namespace OpCollector.Tests.Support;

/// <summary>
/// Runs of the shipped program in which op, the network, the receiver and the disk fail by a seed, and SIGKILL comes at any time.
/// </summary>
internal sealed class FaultyProcesses : IDisposable
{
    const int Page = 100;

    static readonly string[] Newer = ["ascending", "descending", "shuffled", "newest100"];

    static readonly string[] OpFaults = ["half", "half-fail", "html", "garbage", "crash", "network", "expire", "flood-stderr", "chatter"];

    static readonly string[] DiskFaults =
    [
        "fsync:error=EIO", "rename:error=EIO", "pwrite64:error=ENOSPC", "link:error=EIO",
        "fsync:signal=SIGKILL", "rename:signal=SIGKILL", "pwrite64:signal=SIGKILL", "link:signal=SIGKILL",
    ];

    readonly Sandbox _host = new();
    readonly Random _random;
    readonly int _seed;
    readonly string _format;
    readonly FaultyReceiver _receiver;
    readonly List<long> _log = [];
    int _failures;

    public FaultyProcesses(int seed, string[] formats)
    {
        (_seed, _random) = (seed, new Random(seed));
        _format = formats[_random.Next(formats.Length)];
        _receiver = new FaultyReceiver(_format, new Random(seed + 1), IsPoison) { OnStored = () => _receiver!.UnlessCalm(_host.KillRun) };
        _host.Configuration["sink"] = new JsonObject
        {
            ["type"] = "webhook",
            ["url"] = _receiver.Url,
            ["format"] = _format,
            ["timeout"] = "1s"
        };
        _host.Configuration["maxRunTime"] = "4s";
        _host.Account.With("newer", Newer[_random.Next(Newer.Length)]);
    }

    public async Task SurviveAsync()
    {
        for (var run = _random.Next(1, 5); run > 0; run--)
        {
            Grow();
            await CollectAsync();
        }

        (_receiver.IsCalm, _host.Configuration["maxRunTime"]) = (true, "40s");
        _host.Account.WithoutFaults();
        for (var run = 0; run < 3; run++)
        {
            var finished = await _host.CollectAsync();
            if (finished.ExitCode == 78)
            {
                finished = await _host.CollectAsync("--quarantine-rejected");
            }

            finished.ExitCode.Should().BeOneOf([0, 2], $"seed {_seed} ({_format}): {finished.Stderr}");
            finished.Stderr.Should().NotContain("bug", $"seed {_seed}");
        }

        ShouldBeWhole();
    }

    public void Dispose()
    {
        _receiver.Dispose();
        _host.Dispose();
    }

    static bool IsPoison(long eid) => eid % 41 == 0;

    void Grow()
    {
        var next = _log.LastOrDefault(1000);
        var more = Enumerable.Range(0, _random.Next(1, _format == "single" ? 40 : 220)).Select(_ => next += _random.Next(1, 9)).ToArray();
        _host.Account.Append([.. more.Select(eid => Account.Event(eid))]);
        _log.AddRange(more);
    }

    async Task CollectAsync()
    {
        _host.Account.WithoutFaults();
        if (_random.Next(3) == 0)
        {
            _host.Account.WithFault(
                $$"""{"command":"list events","call":{{_host.Account.Calls.Count(call => call.StartsWith("list events", StringComparison.Ordinal)) + _random.Next(1, 4)}},"do":"{{OpFaults[_random.Next(OpFaults.Length)]}}"}""");
        }

        using var running = _random.Next(3) == 0
            ? Strace.Start(_host, $"{DiskFaults[_random.Next(DiskFaults.Length)]}:when={_random.Next(1, 6)}", [], "collect")
            : _host.Start("collect");
        var finished = await running.ToEndAsync();
        _failures += finished.ExitCode is 0 or 2 ? 0 : 1;
        finished.ExitCode.Should().NotBe(70, $"seed {_seed} ({_format}): {finished.Stderr}");
        finished.Stderr.Should().NotContain("   at ", $"seed {_seed}: no stack trace");
        ShouldNotBeAhead();
    }

    void ShouldNotBeAhead()
    {
        var checkpoint = _host.State("checkpoint.json");
        if (File.Exists(checkpoint))
        {
            var last = (long)JsonNode.Parse(File.ReadAllText(checkpoint))!["lastEventId"]!;
            _log.Where(eid => eid <= last).Except(_receiver.Stored).Except(Quarantined())
                .Should().BeEmpty($"seed {_seed} ({_format}): the checkpoint is not ahead");
        }
    }

    void ShouldBeWhole()
    {
        var arrived = _receiver.Stored.Distinct().ToArray();
        _receiver.ShouldHaveSettled(_log, Quarantined(), $"seed {_seed} ({_format})");
        if (_format is not ("elasticsearch" or "opensearch"))
        {
            arrived.Except(_receiver.Spurned).Should().BeInAscendingOrder($"seed {_seed} ({_format})");
        }

        (_receiver.Stored.Count - arrived.Length).Should().BeLessThanOrEqualTo(
            Page * (_failures + _receiver.Ambiguous), $"seed {_seed} ({_format}): a failure repeats one batch");
    }

    long[] Quarantined() => [.. _host.Quarantine
        .Where(line => line.EndsWith('}'))
        .Select(line => long.Parse((string)JsonNode.Parse(line)!["id"]!, CultureInfo.InvariantCulture))];
}
