using OpCollector.Events;

namespace OpCollector.Reporting;

/// <summary>What a run has done, for its last line and for <c>status</c>.</summary>
internal sealed class RunCounts
{
    public int Events { get; private set; }

    public int Batches { get; private set; }

    public int Quarantined { get; private set; }

    public bool IsIdle => Batches == 0;

    public void Add(EventPage page, int quarantined)
    {
        Events += page.Events.Count;
        Batches++;
        Quarantined += quarantined;
    }
}
