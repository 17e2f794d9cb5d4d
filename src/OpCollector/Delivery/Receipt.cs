namespace OpCollector.Delivery;

/// <summary>What came of a batch: how many events the receiver has now, and which it will not take.</summary>
internal sealed record Receipt(int Accepted, IReadOnlyList<RefusedEvent> Refused)
{
    /// <summary>How many findings the receiver will not take.</summary>
    public int RefusedFindings => Refused.Count(each => each.Event.IsFinding);

    /// <summary>How many events it will not take.</summary>
    public int RefusedEvents => Refused.Count - RefusedFindings;

    /// <summary>
    /// Pure: whether a receiver that took nothing means the events or us. A sink that is set up wrongly refuses everything, and
    /// a whole log would lie in the quarantine.
    /// </summary>
    /// <param name="hasAccepted">Whether the sink took anything in this run.</param>
    /// <param name="hasEverAccepted">Whether it ever took anything with this url, format and kind of auth.</param>
    /// <exception cref="Failure">It means us (78).</exception>
    public void RefuseWrongSink(string sink, bool hasAccepted, bool hasEverAccepted)
    {
        // What our own limit held back was never offered.
        var wasAsked = Refused.Any(each => each.Status is not null);
        // A finding carries its event, so what is wrong with the one is wrong with both.
        var isOne = Refused.Count == 1 || RefusedEvents == 1;
        var isOneTooBig = isOne && Refused.All(each => each.Verdict == Verdict.TooBig);
        var isOneToBlame = isOne && Refused.All(each => !each.ByWebPage) && hasEverAccepted;
        if (!wasAsked || Accepted > 0 || hasAccepted || isOneToBlame || isOneTooBig)
        {
            return;
        }

        var what = $"The sink {sink} {Refused[^1].Why}";
        var events = Refused.Count == 1 ? $"to the event {Refused[0].Event.Id}" : $"to each of the {Refused.Count} events {Refused[0].Event.Id} to {Refused[^1].Event.Id}";
        throw new Failure(ExitCode.Configuration, hasEverAccepted
            ? $"{what}, {events}; nothing is delivered or put aside. Look at the sink; if it is the events' fault, opcollector collect --quarantine-rejected puts them into the quarantine"
            : $"{what}, {events}, and has never accepted any with this url, format and auth; check these. Nothing is put aside");
    }
}
