using System.Globalization;
using System.Text.Json.Nodes;

namespace OpCollector.Tests.Support;

/// <summary>
/// Runs of the shipped program in which the source, the network, the receiver and the disk fail by a seed, and SIGKILL comes at any time.
/// </summary>
internal abstract class FaultyProcessRun : IDisposable
{
    static readonly string[] DiskFaults =
    [
        "fsync:error=EIO", "rename:error=EIO", "pwrite64:error=ENOSPC", "link:error=EIO",
        "fsync:signal=SIGKILL", "rename:signal=SIGKILL", "pwrite64:signal=SIGKILL", "link:signal=SIGKILL",
    ];

    readonly int _lastCall;
    int _failures;

    /// <param name="formats">One of them is the receiver's.</param>
    /// <param name="lastCall">One of so many first calls to the disk fails.</param>
    protected FaultyProcessRun(int seed, string[] formats, int lastCall)
    {
        _lastCall = lastCall;
        Random = new Random(seed);
        Format = formats[Random.Next(formats.Length)];
        Receiver = new FaultyReceiver(Format, new Random(seed + 1), eid => eid % 41 == 0) { OnStored = Kill };
    }

    /// <summary>Which run it is, for a failure.</summary>
    protected abstract string Name { get; }

    /// <summary>How many events one failure may repeat: a batch.</summary>
    protected abstract int MostRepeated { get; }

    /// <summary>All events that the source has shown.</summary>
    protected abstract IEnumerable<long> All { get; }

    protected Sandbox Host { get; } = new();

    protected Random Random { get; }

    protected string Format { get; }

    protected FaultyReceiver Receiver { get; }

    bool MixesTheOrder => Format is "elasticsearch" or "opensearch";

    /// <summary>Plays runs with faults, then some without, and looks whether anything is lost, doubled or out of order.</summary>
    public async Task SurviveAsync()
    {
        for (var run = Random.Next(1, 5); run > 0; run--)
        {
            Grow();
            await CollectAsync();
        }

        (Receiver.IsCalm, Host.Configuration["maxRunTime"]) = (true, Sandbox.EnoughTime);
        await CalmAsync();
        for (var run = 0; run < 3; run++)
        {
            var finished = await Host.CollectAsync();
            if (finished.ExitCode == 78)
            {
                finished = await Host.CollectAsync("--quarantine-rejected");
            }

            finished.ExitCode.Should().BeOneOf([0, 2], $"{Name}: {finished.Stderr}");
            finished.Stderr.Should().NotContain("bug", Name);
        }

        ShouldBeWhole();
    }

    public virtual void Dispose()
    {
        Receiver.Dispose();
        Host.Dispose();
    }

    /// <summary>Adds events to the source.</summary>
    protected abstract void Grow();

    /// <summary>Chooses the faults of the source for the next run.</summary>
    protected abstract void Disturb();

    /// <summary>Ends all faults of the source.</summary>
    protected abstract Task CalmAsync();

    /// <summary>What the state says is delivered, is.</summary>
    protected abstract void ShouldNotBeAhead();

    /// <summary>The events of each stream in the order in which they have to arrive.</summary>
    protected abstract IEnumerable<IEnumerable<long>> Ordered();

    /// <summary>Ends the program at once, unless all is calm.</summary>
    protected void Kill() => Receiver.UnlessCalm(Host.KillRun);

    /// <summary>Delivers to the receiver, which has a second for each answer.</summary>
    protected void Configure()
    {
        Host.Configuration["sink"] = new JsonObject
        {
            ["type"] = "webhook",
            ["url"] = Receiver.Url,
            ["format"] = Format,
            ["timeout"] = "1s",
        };
        Host.Configuration["maxRunTime"] = "4s";
    }

    protected long[] Quarantined() =>
    [
        .. Host.Quarantine
            .Where(line => line.EndsWith('}'))
            .Select(line => long.Parse((string)JsonNode.Parse(line)!["id"]!, CultureInfo.InvariantCulture)),
    ];

    protected virtual void ShouldBeClean(FinishedRun finished)
    {
        finished.ExitCode.Should().NotBe(70, $"{Name}: {finished.Stderr}");
        finished.Stderr.Should().NotContain("   at ", $"{Name}: no stack trace");
    }

    async Task CollectAsync()
    {
        Disturb();
        using var running = Random.Next(3) == 0
            ? Strace.Start(Host, $"{DiskFaults[Random.Next(DiskFaults.Length)]}:when={Random.Next(1, _lastCall)}", [], "collect")
            : Host.Start("collect");
        var finished = await running.ToEndAsync();
        _failures += finished.ExitCode is 0 or 2 ? 0 : 1;
        ShouldBeClean(finished);
        ShouldNotBeAhead();
    }

    void ShouldBeWhole()
    {
        var arrived = Receiver.Stored.Distinct().ToArray();
        Receiver.ShouldHaveSettled([.. All], Quarantined(), Name);
        foreach (var stream in Ordered().Where(_ => !MixesTheOrder))
        {
            arrived.Intersect(stream).Except(Receiver.Spurned).Should().BeInAscendingOrder($"{Name}: each stream in order");
        }

        (Receiver.Stored.Count - arrived.Length).Should().BeLessThanOrEqualTo(
            MostRepeated * (_failures + Receiver.Ambiguous), $"{Name}: a failure repeats one batch");
    }
}
