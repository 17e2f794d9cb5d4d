using System.Text.Json.Nodes;

namespace OpCollector.Tests.Support;

/// <summary>Runs with op, which fails by the seed.</summary>
internal sealed class FaultyProcesses : FaultyProcessRun
{
    static readonly string[] Newer = ["ascending", "descending", "shuffled", "newest100"];

    static readonly string[] OpFaults = ["half", "half-fail", "html", "garbage", "crash", "network", "expire", "flood-stderr", "chatter"];

    readonly List<long> _log = [];

    public FaultyProcesses(int seed, string[] formats)
        : base(seed, formats, lastCall: 6)
    {
        Name = $"seed {seed} ({Format})";
        Configure();
        Host.Account.With("newer", Newer[Random.Next(Newer.Length)]);
    }

    protected override string Name { get; }

    protected override int MostRepeated => 100;

    protected override IEnumerable<long> All => _log;

    int Calls => Host.Account.Calls.Count(call => call.StartsWith("list events", StringComparison.Ordinal));

    protected override void Grow()
    {
        var next = _log.LastOrDefault(1000);
        var more = Enumerable.Range(0, Random.Next(1, Format == "single" ? 40 : 220)).Select(_ => next += Random.Next(1, 9)).ToArray();
        Host.Account.Append([.. more.Select(eid => Account.Event(eid))]);
        _log.AddRange(more);
    }

    protected override void Disturb()
    {
        Host.Account.WithoutFaults();
        if (Random.Next(3) == 0)
        {
            var (call, fault) = (Calls + Random.Next(1, 4), OpFaults[Random.Next(OpFaults.Length)]);
            Host.Account.WithFault($$"""{"command":"list events","call":{{call}},"do":"{{fault}}"}""");
        }
    }

    protected override Task CalmAsync()
    {
        Host.Account.WithoutFaults();
        return Task.CompletedTask;
    }

    protected override void ShouldNotBeAhead()
    {
        var checkpoint = Host.State("checkpoint.json");
        if (File.Exists(checkpoint))
        {
            var last = (long)JsonNode.Parse(File.ReadAllText(checkpoint))!["lastEventId"]!;
            _log.Where(eid => eid <= last).Except(Receiver.Stored).Except(Quarantined())
                .Should().BeEmpty($"{Name}: the checkpoint is not ahead");
        }
    }

    protected override IEnumerable<IEnumerable<long>> Ordered() => [_log];
}
