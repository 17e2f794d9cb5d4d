namespace OpCollector.Detection.Sigma;

/// <summary>A rule's match that a correlation keeps.</summary>
/// <param name="Ids">The events it rests on: one, or those of another correlation's finding.</param>
/// <param name="Member">Which of the correlation's rules it is.</param>
/// <param name="Value">What the type of the correlation needs beside the events, as text, because the disk has it as text: the value that
/// is counted, a place (<c>ImpossibleTravel</c>), the sentence about the event that began a wait, or a <c>RiskMatch</c>; null where it
/// needs nothing.</param>
internal sealed record RuleMatch(DateTimeOffset Time, string[] Ids, int Member, string? Value)
{
    /// <summary>An event counts once, however often it arrives.</summary>
    public bool IsSame(RuleMatch other) =>
        Member == other.Member
            && Ids.Length == other.Ids.Length
            && Ids[0] == other.Ids[0]
            && (Ids.Length == 1 || Ids.SequenceEqual(other.Ids));
}
