using System.Globalization;
using OpCollector.Events;

namespace OpCollector.Access;

/// <summary>
/// One change of who may reach what, as an event tells it: a membership, an access to a vault, or a person, a group or a vault that comes
/// or goes.
/// </summary>
/// <param name="By">By whose hand; null where the event does not say so.</param>
/// <param name="On">The group or the vault; of what comes or goes, that itself.</param>
/// <param name="Of">Who became a member or was given access: a person or a group. Null where something comes or goes.</param>
/// <param name="Right">The role in the group, or the rights on the vault, as the event has them; null where it says none.</param>
internal sealed record AccessChange(
    DateTimeOffset Time, string EventId, AccessChangeKind Act, Entity? By, Entity On, Entity? Of, string? Right)
{
    // Itself, and two texts without their letters.
    const int Empty = 150;

    // The letters are those of the log.
    const string Manager = "A";
    const string Member = "R";

    /// <summary>op's id of the event, by which it numbers what happened in one second; 0 where there is none.</summary>
    public long Eid { get; } = long.TryParse(EventId, NumberStyles.None, CultureInfo.InvariantCulture, out var eid) ? eid : 0;

    /// <summary>How much memory it takes, about.</summary>
    public int Bytes => Empty + (2 * (EventId.Length + (Right?.Length ?? 0)));

    /// <summary>What happened, as a plain sentence without its full stop.</summary>
    public string Sentence => $"{By?.Best ?? "Somebody"} {Deed}";

    /// <summary>A right in plain words: the role in a group, or the number of the rights on a vault.</summary>
    public static string Words(string? right) => right switch
    {
        null or "" => "unknown",
        Manager => "manager",
        Member => "member",
        _ => right,
    };

    /// <summary>The role in a group, as the log has it, of what a list says; null where that is none of them.</summary>
    public static string? RightOf(string role) => role.ToUpperInvariant() switch
    {
        "MANAGER" => Manager,
        "MEMBER" => Member,
        _ => null,
    };

    string Deed => (On.Kind, Of, Act) switch
    {
        (_, null, AccessChangeKind.Suspended) => $"suspended {On.Best}",
        (_, null, AccessChangeKind.Resumed) => $"reactivated {On.Best}",
        (NameKind.User, null, AccessChangeKind.Ended) => $"deleted {On.Best}",
        (NameKind.User, null, _) => $"created {On.Best}",
        (_, null, AccessChangeKind.Ended) => $"deleted the {Kind} {On.Best}",
        (_, null, _) => $"created the {Kind} {On.Best}",
        (NameKind.Group, _, AccessChangeKind.Began) => $"added {Of.Best} to the group {On.Best}{As(" as a ")}",
        (NameKind.Group, _, AccessChangeKind.Ended) => $"removed {Of.Best} from the group {On.Best}",
        (NameKind.Group, _, _) => $"changed the role of {Of.Best} in the group {On.Best}{As(" to ")}",
        (_, _, AccessChangeKind.Began) => $"gave {Who} access to the vault {On.Best}{As(" with the rights ")}",
        (_, _, AccessChangeKind.Ended) => $"took from {Who} the access to the vault {On.Best}",
        _ => $"changed the access of {Who} to the vault {On.Best}{As(" to the rights ")}",
    };

    string Kind => On.Kind == NameKind.Group ? "group" : "vault";

    string Who => Of!.Kind == NameKind.Group ? $"the group {Of.Best}" : Of.Best;

    string As(string before) => string.IsNullOrEmpty(Right) ? "" : before + Words(Right);
}

/// <summary>What a change does to a membership, to an access, or to what comes and goes.</summary>
internal enum AccessChangeKind
{
    Began,

    /// <summary>It was there before, and goes on with another right.</summary>
    Changed,
    Ended,

    /// <summary>Of a person, who cannot sign in from now on.</summary>
    Suspended,

    /// <summary>Of a person who was suspended.</summary>
    Resumed,
}
