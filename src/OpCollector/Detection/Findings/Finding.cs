using OpCollector.Detection.Sigma;
using OpCollector.Events;

namespace OpCollector.Detection.Findings;

/// <summary>What a rule has found: an event of its own, delivered directly after the event that caused it.</summary>
/// <param name="Id">The same however often the finding is made.</param>
/// <param name="Evidence">What it rests on.</param>
/// <param name="Bytes">The finding as it is delivered: a JSON object on one line.</param>
internal sealed record Finding(string Id, RuleInfo Rule, Evidence Evidence, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>When the last of the events happened that it rests on.</summary>
    public DateTimeOffset? Time => Evidence.Time;

    /// <summary>What happened, in one plain sentence.</summary>
    public string Summary => Evidence.Summary;

    /// <summary>The finding as it is delivered, like any event.</summary>
    public ActivityEvent AsEvent() =>
        new(0, Time, Bytes) { Id = Id, Headline = new Headline(Rule.Level.ToString().ToLowerInvariant(), Rule.Title) };
}
