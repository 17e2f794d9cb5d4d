namespace OpCollector.Report;

/// <summary>An event as a list shows it: when it happened, and what happened in one sentence.</summary>
/// <param name="Time">Null where the event does not say so in a form we can read.</param>
/// <param name="Id">What receivers know the event by.</param>
internal sealed record ShownEvent(DateTimeOffset? Time, string Stream, string Id, string Sentence)
{
    /// <summary>For the order of a list: what has no time comes first.</summary>
    public long Ticks => Time?.UtcTicks ?? 0;
}
