namespace OpCollector.Access;

/// <summary>Whether somebody is in a group or has access to a vault: what the log tells of it, and what a list shows.</summary>
/// <param name="target">The group or the vault.</param>
/// <param name="principal">The person or the group.</param>
internal sealed class EntitlementHistory(Entity target, Entity principal)
{
    /// <summary>How much memory one takes that has no change yet, about.</summary>
    public const int Empty = 240;

    public Entity Target => target;

    public Entity Principal => principal;

    public ChangeHistory Changes { get; } = new();

    /// <summary>When a list was read that would show it; null where none was.</summary>
    public DateTimeOffset? ListRead { get; set; }

    /// <summary>Whether that list shows it.</summary>
    public bool IsListed { get; set; }

    /// <summary>The role that it shows; null where it does not say it.</summary>
    public string? ListedRight { get; set; }

    /// <summary>What holds at a moment; null where nothing does.</summary>
    public Entitlement? AsOf(DateTimeOffset time)
    {
        var told = EventsSayAt(time);
        // A list tells nothing of a moment if something has changed between the two.
        return ListRead is not { } read || Changes.CountAt(read) != Changes.CountAt(time) || (told is null && !IsListed) ? told
            : told is null
            ? new Entitlement(target, principal, Changes.All.Count == 0 ? Provenance.ListOnly : Provenance.Disagreed, ListedRight)
            : IsListed && (ListedRight is null || told.Right is null || told.Right == ListedRight)
                ? told with { Right = told.Right ?? ListedRight }
            : told with { Known = Provenance.Disagreed };
    }

    Entitlement? EventsSayAt(DateTimeOffset time)
    {
        var (all, count) = (Changes.All, Changes.CountAt(time));
        if (count == 0)
        {
            // What is changed or ended later must have been there.
            return all.Count > 0 && all[0].Kind != AccessChangeKind.Began ? new Entitlement(target, principal, Unseen(0)) : null;
        }

        if (all[count - 1].Kind == AccessChangeKind.Ended)
        {
            return null;
        }

        var first = count - 1;
        while (first > 0 && all[first - 1].Kind != AccessChangeKind.Ended)
        {
            first--;
        }

        var beginning = all[first].Kind == AccessChangeKind.Began ? all[first] : null;
        var (right, latest) = (beginning?.Right, (AccessChange?)null);
        for (var each = beginning is null ? first : first + 1; each < count; each++)
        {
            if (all[each].Right is { } changed && changed != right)
            {
                (right, latest) = (changed, all[each]);
            }
        }

        return new Entitlement(target, principal, beginning is null ? Unseen(first) : Provenance.Seen, right, beginning, latest);
    }

    Provenance Unseen(int first) => first > 0 || Changes.IsCut ? Provenance.BeginningMissing : Provenance.BeforeLog;
}
