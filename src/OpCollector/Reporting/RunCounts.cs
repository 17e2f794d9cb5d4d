namespace OpCollector.Reporting;

/// <summary>What a run has done, for its last line and for <c>status</c>.</summary>
internal sealed class RunCounts
{
    public int Events { get; private set; }

    public int Findings { get; private set; }

    public int Batches { get; private set; }

    public int Quarantined { get; private set; }

    /// <summary>The events that were not sent, by <c>sink.drop</c>.</summary>
    public int Dropped { get; private set; }

    public bool IsIdle => Batches + Events + Findings + Quarantined == 0;

    /// <summary>A part of a batch, whose other part is left to the next run.</summary>
    public void AddPart(int events, int findings, int quarantined)
    {
        Events += events;
        Findings += findings;
        Quarantined += quarantined;
    }

    /// <param name="events">Of the page's events, how many are done: the sink has them, or wants findings alone.</param>
    /// <param name="findings">How many findings the sink has now.</param>
    public void Add(int events, int findings, int quarantined, int dropped = 0)
    {
        AddPart(events, findings, quarantined);
        Dropped += dropped;
        Batches++;
    }
}
