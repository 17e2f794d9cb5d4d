namespace OpCollector.Report;

/// <summary>What the collector itself did, as its state tells.</summary>
/// <param name="Lines">How the last runs went, each of what and what of it.</param>
/// <param name="Quarantined">How many items are in the quarantine.</param>
/// <param name="Items">The newest of them.</param>
internal sealed record CollectorNotes(
    IReadOnlyList<(string What, string Text)> Lines, int Quarantined, IReadOnlyList<QuarantineNote> Items)
{
    /// <summary>There is no state to be read: the events come from files, mostly, and the collector runs elsewhere.</summary>
    public static readonly CollectorNotes None = new([], 0, []);
}

/// <summary>An item of the quarantine as a page shows it.</summary>
internal sealed record QuarantineNote(DateTimeOffset? When, string Stream, string Id, string Why);
