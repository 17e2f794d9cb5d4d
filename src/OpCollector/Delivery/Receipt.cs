using OpCollector.Events;

namespace OpCollector.Delivery;

/// <summary>What came of a batch: the items that the receiver has taken in this run, and those that it will not take.</summary>
internal sealed record Receipt(IReadOnlyList<ActivityEvent> Accepted, IReadOnlyList<RejectedEvent> Rejected)
{
    /// <summary>The items that earlier runs had finished with.</summary>
    public IReadOnlyList<ActivityEvent> SettledEarlier { get; init; } = [];

    /// <summary>What ended the delivery before all of the batch was taken or rejected; null where nothing did.</summary>
    public Exception? End { get; init; }

    /// <summary>What the next run needs to know where this one could not finish.</summary>
    public BatchMemory Memory { get; init; } = BatchMemory.Empty;

    /// <summary>Whether the receiver has anything of the batch.</summary>
    public bool HasAccepted => Accepted.Count + SettledEarlier.Count > 0;

    /// <summary>How many findings the receiver will not take.</summary>
    public int RejectedFindings => Rejected.Count(each => each.Event.IsFinding);

    /// <summary>How many events it will not take.</summary>
    public int RejectedEvents => Rejected.Count - RejectedFindings;

    public int EarlierFindings => SettledEarlier.Count(each => each.IsFinding);

    public int EarlierEvents => SettledEarlier.Count - EarlierFindings;

    /// <exception cref="Failure">The batch is not delivered as a whole.</exception>
    public void RefuseUnfinished()
    {
        if (End is not null)
        {
            throw End;
        }
    }

    /// <summary>
    /// Pure: why nothing is put aside, where a receiver that took nothing means us and not the events; null where it means the events.
    /// A sink that is set up wrongly rejects everything, and a whole log would be in the quarantine.
    /// </summary>
    /// <param name="before">What the sink took before this batch.</param>
    /// <param name="settings">The settings by which a receiver may take everything or nothing, in words.</param>
    public Failure? WrongSink(string sink, AcceptedBefore before, string settings)
    {
        // What our own limit held back was never offered.
        var wasAsked = Rejected.Any(each => each.Status is not null);
        // A finding carries its event, so what is wrong with the one is wrong with both.
        var isOne = Rejected.Count == 1 || RejectedEvents == 1;
        var isOneTooBig = isOne && Rejected.All(each => each.Verdict == Verdict.TooBig);
        var isOneToBlame = isOne && Rejected.All(each => !each.ByWebPage) && before != AcceptedBefore.Never;
        if (!wasAsked || HasAccepted || before == AcceptedBefore.InThisRun || isOneToBlame || isOneTooBig)
        {
            return null;
        }

        var what = $"The sink {sink} {Rejected[^1].Why}";
        var events = Rejected.Count == 1
            ? $"to the event {Rejected[0].Event.Id}"
            : $"to each of the {Rejected.Count} events {Rejected[0].Event.Id} to {Rejected[^1].Event.Id}";
        return new Failure(ExitCode.Configuration, before != AcceptedBefore.Never
            ? $"{what}, {events}; nothing is delivered or put aside. Look at the sink; "
                + "if it is the events' fault, opcollector collect --quarantine-rejected puts them into the quarantine"
            : $"{what}, {events}, and has never accepted any with this {settings}; check these. Nothing is put aside");
    }
}

/// <summary>When a sink has taken anything with its present settings.</summary>
internal enum AcceptedBefore
{
    Never,
    InAnEarlierRun,
    InThisRun,
}
