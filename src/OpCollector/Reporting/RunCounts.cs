namespace OpCollector.Reporting;

/// <summary>What a run has done, for its last line and for <c>status</c>.</summary>
internal sealed class RunCounts
{
    int _pages;

    public int Events { get; private set; }

    public int Findings { get; private set; }

    public int Batches { get; private set; }

    public int Quarantined { get; private set; }

    /// <summary>The events that were not sent, by <c>sink.drop</c>.</summary>
    public int Dropped { get; private set; }

    /// <summary>Events that the rules have seen and the sink does not want.</summary>
    public int LeftBehind { get; private set; }

    /// <summary>Whether nothing was read that was not known.</summary>
    public bool IsIdle => _pages == 0 && !HasDelivered;

    /// <summary>Whether anything was delivered or put aside.</summary>
    public bool HasDelivered => Events + Findings + Quarantined > 0;

    /// <summary>A part of a batch, whose other part is left to the next run.</summary>
    public void AddPart(int events, int findings, int quarantined)
    {
        Events += events;
        Findings += findings;
        Quarantined += quarantined;
    }

    /// <param name="events">How many events of a page the sink has now.</param>
    /// <param name="findings">How many findings the sink has now.</param>
    /// <param name="dropped">How many events of the page were not sent, by <c>sink.drop</c>.</param>
    /// <param name="leftBehind">How many events of the page were not sent, because the sink does not want them.</param>
    public void Add(int events, int findings, int quarantined, int dropped = 0, int leftBehind = 0)
    {
        AddPart(events, findings, quarantined);
        Dropped += dropped;
        LeftBehind += leftBehind;
        _pages++;
        Batches += events + findings + quarantined > 0 ? 1 : 0;
    }
}
