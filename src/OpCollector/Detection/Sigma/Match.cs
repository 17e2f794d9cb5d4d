using OpCollector.Checkpoints;

namespace OpCollector.Detection.Sigma;

/// <summary>A rule's match that a correlation keeps.</summary>
/// <param name="Ids">The events it rests on: one, or those of another correlation's finding.</param>
/// <param name="Member">Which of the correlation's rules it is.</param>
/// <param name="Value">What is counted, where values are.</param>
/// <param name="IsUsed">Whether a finding has reported it already.</param>
internal sealed record Match(DateTimeOffset Time, IReadOnlyList<string> Ids, int Member, string? Value, bool IsUsed = false)
{
    KeptMatch? _kept;

    /// <summary>It as the checkpoint keeps it, made once.</summary>
    public KeptMatch Kept => _kept is { } kept && kept.IsUsed == IsUsed ? kept : _kept = new KeptMatch(Time, Ids, Member, Value, IsUsed);

    /// <summary>What an earlier run has kept.</summary>
    public static Match Of(KeptMatch kept) => new(kept.Time, kept.Ids, kept.Member, kept.Value, kept.IsUsed) { _kept = kept };

    /// <summary>An event counts once, however often it arrives.</summary>
    public bool IsSame(Match other) =>
        Member == other.Member
            && Ids.Count == other.Ids.Count
            && Ids[0] == other.Ids[0]
            && (Ids.Count == 1 || Ids.SequenceEqual(other.Ids));
}
