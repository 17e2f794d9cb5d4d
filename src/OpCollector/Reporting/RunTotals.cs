namespace OpCollector.Reporting;

/// <summary>What all runs together have done, since there are reports of them. They only grow.</summary>
/// <param name="Runs">How many runs ended, by exit code.</param>
internal sealed record RunTotals(
    DateTimeOffset Since,
    IReadOnlyDictionary<int, long> Runs,
    long Events,
    long Findings,
    long Batches,
    long Quarantined,
    long Dropped = 0)
{
    // Far below the end of the numbers, so that what is added never leads over it.
    const long Most = long.MaxValue / 1_000_000;

    /// <summary>Whether runs can have counted so.</summary>
    public bool IsSound =>
        Runs.Count < 1000 && Runs.Values.Concat([Events, Findings, Batches, Quarantined, Dropped]).All(count => count is >= 0 and <= Most);

    public static RunTotals StartingAt(DateTimeOffset since) => new(since, new Dictionary<int, long>(), 0, 0, 0, 0);

    /// <summary>With one more run.</summary>
    public RunTotals After(ExitCode code, RunCounts counts) => new(
        Since,
        new SortedDictionary<int, long>(Runs.ToDictionary()) { [(int)code] = Runs.GetValueOrDefault((int)code) + 1 },
        Events + counts.Events,
        Findings + counts.Findings,
        Batches + counts.Batches,
        Quarantined + counts.Quarantined,
        Dropped + counts.Dropped);
}
