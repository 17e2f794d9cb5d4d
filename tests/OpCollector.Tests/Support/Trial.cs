using System.Text.Json;
using System.Text.Json.Nodes;

namespace OpCollector.Tests.Support;

/// <summary>
/// One host whose run is disturbed, and what must be true of it afterwards: nothing lost, nothing out of order, little twice.
/// </summary>
internal sealed class Trial : IDisposable
{
    const int Batch = 100;
    const int MostRuns = 4;

    static readonly string[] Checkpoints = ["checkpoint.json", "checkpoint.prev.json"];

    readonly Situation _situation;
    readonly Outlet _outlet;

    /// <param name="disk">The directory in which the state and the output lie, where that is not on the host's own disk.</param>
    public Trial(Situation situation, Outlet? outlet = null, string? disk = null)
    {
        (_situation, _outlet) = (situation, outlet ?? new FileOutlet());
        Host = situation.Host();
        situation.CopyState(Path.Combine(disk ?? Host.Root, "state"));
        if (disk is not null)
        {
            Host.Configuration["state"]!["directory"] = Path.Combine(disk, "state");
            Host.Configuration["sink"]!["path"] = Path.Combine(disk, "out", "events.ndjson");
            Directory.CreateSymbolicLink(Path.Combine(Host.Root, "state"), Path.Combine(disk, "state"));
            Directory.CreateSymbolicLink(Path.Combine(Host.Root, "out"), Path.Combine(disk, "out"));
        }

        _outlet.Take(Host);
    }

    public Sandbox Host { get; }

    /// <summary>The files of the state and the output that a run touches, or tries to, below the directory of its host.</summary>
    public static async Task<string[]> FilesAsync(Situation situation, Outlet? outlet = null)
    {
        using var trial = new Trial(situation, outlet);
        var (run, files) = await SyscallSteps.FilesAsync(
            trial.Host, trial.Host.State("").TrimEnd('/'), Path.GetDirectoryName(trial.Host.Output)!);
        run.ExitCode.Should().BeOneOf([0, 2], run.Stderr);
        return [.. files.Select(file => Path.GetRelativePath(trial.Host.Root, file))];
    }

    /// <summary>These files of another host, here.</summary>
    public string[] Own(IEnumerable<string> files) => [.. files.Select(file => Path.Combine(Host.Root, file))];

    /// <summary>The ids that are where they belong, in the order in which they came. A torn line is not there.</summary>
    public long[] Delivered => _outlet.Eids;

    /// <summary>The ids of the findings that are where they belong, each once: a repetition has the same one.</summary>
    public IReadOnlyList<string> Findings => _outlet.Findings;

    string[] Quarantine =>
        [.. Host.Quarantine.Where(line => line.Contains("\"event\":{\"no\":", StringComparison.Ordinal) && line.EndsWith('}'))];

    /// <summary>No checkpoint that can be read may be ahead of what was delivered or quarantined.</summary>
    public void ShouldNotBeAhead(string because)
    {
        var delivered = Delivered.ToHashSet();
        foreach (var position in Checkpoints.Select(Position).OfType<long>())
        {
            _situation.Work.Where(eid => eid <= position).Should().BeSubsetOf(delivered, because);
            if (_situation.Malformed < position)
            {
                Quarantine.Should().ContainSingle(because);
            }
        }
    }

    /// <summary>Runs until everything is there, and once more to see that nothing comes after it.</summary>
    /// <param name="disturbed">How often a run was disturbed: each time repeats one batch at most.</param>
    public async Task ShouldBeFinishedAsync(string because, int disturbed = 1)
    {
        for (var (runs, isIdle) = (0, false); runs < MostRuns && !isIdle; runs++)
        {
            var before = Delivered.Length;
            var run = await Host.CollectAsync();
            run.ExitCode.Should().BeOneOf(_situation.Malformed is null ? [0] : [0, 2], $"{because}: {run.Stderr}");
            run.Errors.Should().BeEmpty(because);
            isIdle = Delivered.Length == before;
        }

        ShouldBeWhole(because, disturbed);
    }

    void ShouldBeWhole(string because, int disturbed)
    {
        var delivered = Delivered;
        delivered.Distinct().Should().Equal(_situation.Work, because);
        delivered.Length.Should().BeLessThanOrEqualTo(_situation.Work.Length + (Batch * disturbed), because);
        delivered.Zip(delivered.Skip(1)).Count(pair => pair.First >= pair.Second).Should().BeLessThanOrEqualTo(disturbed, because);
        Quarantine.Should().HaveCount(_situation.Malformed is null ? 0 : 1, because);
        Findings.Should().Equal(_situation.Findings, because);
        _outlet.TimesOfAFinding.Should().BeLessThanOrEqualTo(1 + disturbed, because);
        _outlet.IsSorted.Should().BeTrue(because);
    }

    public void Dispose()
    {
        Host.Dispose();
        _outlet.Dispose();
    }

    long? Position(string name)
    {
        try
        {
            return File.Exists(Host.State(name)) ? (long?)JsonNode.Parse(File.ReadAllText(Host.State(name)))!["lastEventId"] : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
