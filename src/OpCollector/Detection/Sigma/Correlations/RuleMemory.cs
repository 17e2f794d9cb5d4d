namespace OpCollector.Detection.Sigma.Correlations;

/// <summary>What a rule about several events remembers of them. The time of all decisions is the events', never the clock's.</summary>
internal abstract class RuleMemory(Correlation rule)
{
    public Correlation Rule => rule;

    /// <summary>That something had to be forgotten which might still have counted; null when nothing had.</summary>
    public string? Warning { get; protected set; }

    /// <summary>About how much all of it takes on the disk.</summary>
    public long Bytes { get; protected set; }

    /// <summary>Where each change is written down, so that the next run can make it again; null where nothing is kept.</summary>
    public MemoryJournal? Journal { get; set; }

    /// <summary>Adds a match to its group.</summary>
    /// <returns>What it completes; null where it completes nothing that is to be told.</returns>
    public abstract CorrelationMatch? Add(string key, RuleMatch match);

    /// <summary>What the time that has passed completes: the groups in which something has not happened.</summary>
    public virtual IReadOnlyList<(string Key, CorrelationMatch Found)> Due(DateTimeOffset now) => [];

    /// <summary>Forgets what can matter no more.</summary>
    public abstract void ForgetWhatIsOver();

    /// <summary>Forgets what was quiet for longest.</summary>
    public abstract void ForgetOldest();

    /// <summary>Writes down all that is remembered.</summary>
    public abstract void Save(MemoryJournal journal);
}

/// <summary>What a rule about several events has found: the matches, ascending, and the number that was compared.</summary>
internal sealed record CorrelationMatch(IReadOnlyList<RuleMatch> Matches, decimal Number);
