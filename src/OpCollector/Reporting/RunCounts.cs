namespace OpCollector.Reporting;

/// <summary>What a run has done, for its last line and for <c>status</c>.</summary>
internal sealed class RunCounts
{
    public int Events { get; private set; }

    public int Batches { get; private set; }

    public int Quarantined { get; private set; }

    public bool IsIdle => Batches == 0;

    /// <param name="accepted">Of the page's events, how many the sink has now.</param>
    public void Add(int accepted, int quarantined)
    {
        Events += accepted;
        Batches++;
        Quarantined += quarantined;
    }
}
