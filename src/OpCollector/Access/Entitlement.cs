namespace OpCollector.Access;

/// <summary>That somebody is in a group or has access to a vault at a moment, since when, by whose hand, and how that is known.</summary>
/// <param name="Target">The group or the vault.</param>
/// <param name="Principal">The person or the group.</param>
/// <param name="Right">The role or the rights, as the log has them; null where it does not say so.</param>
/// <param name="Beginning">The event it began with; null where the log does not have it.</param>
/// <param name="Latest">The event that has changed the role or the rights since then; null where none has.</param>
internal sealed record Entitlement(
    Entity Target, Entity Principal, Provenance Known, string? Right = null, AccessChange? Beginning = null, AccessChange? Latest = null)
{
    /// <summary>The one of the two that is not this one.</summary>
    public Entity Other(Entity one) => one == Target ? Principal : Target;
}

/// <summary>How something is known; what is known worse comes later.</summary>
internal enum Provenance
{
    /// <summary>The log shows how it began.</summary>
    Seen,

    /// <summary>The log shows that it was there before its own beginning.</summary>
    BeforeLog,

    /// <summary>The log shows that it is there again after it had ended, and not how it began.</summary>
    BeginningMissing,

    /// <summary>A list has it, and the log says nothing of it.</summary>
    ListOnly,

    /// <summary>The log and the list do not agree.</summary>
    Disagreed,
}
