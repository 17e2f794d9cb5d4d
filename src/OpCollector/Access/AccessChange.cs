using System.Globalization;
using OpCollector.Events;

namespace OpCollector.Access;

/// <summary>
/// One change of who may reach what, as an event tells it: a membership, an access to a vault, or a person, a group or a vault that comes
/// or goes.
/// </summary>
/// <param name="By">By whose hand; null where the event does not say so.</param>
/// <param name="Target">The group or the vault; of what comes or goes, that itself.</param>
/// <param name="Principal">Who became a member or was given access: a person or a group. Null where something comes or goes.</param>
/// <param name="Right">The role in the group, or the rights on the vault, as the event has them; null where it says none.</param>
internal sealed record AccessChange(
    DateTimeOffset Time, string EventId, AccessChangeKind Kind, Entity? By, Entity Target, Entity? Principal, string? Right)
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
    public static string TextOf(string? right) => right switch
    {
        null or "" => "unknown",
        Manager => "manager",
        Member => "member",
        _ => right,
    };

    /// <summary>The role in a group, as the log has it, for what a list says; null for any other text.</summary>
    public static string? RightOf(string role) => role.ToUpperInvariant() switch
    {
        "MANAGER" => Manager,
        "MEMBER" => Member,
        _ => null,
    };

    string Deed => (Target.Kind, Principal, Kind) switch
    {
        (_, null, AccessChangeKind.Suspended) => $"suspended {Target.Best}",
        (_, null, AccessChangeKind.Resumed) => $"reactivated {Target.Best}",
        (NameKind.User, null, AccessChangeKind.Ended) => $"deleted {Target.Best}",
        (NameKind.User, null, _) => $"created {Target.Best}",
        (_, null, AccessChangeKind.Ended) => $"deleted the {KindWord} {Target.Best}",
        (_, null, _) => $"created the {KindWord} {Target.Best}",
        (NameKind.Group, _, AccessChangeKind.Began) => $"added {Principal.Best} to the group {Target.Best}{As(" as a ")}",
        (NameKind.Group, _, AccessChangeKind.Ended) => $"removed {Principal.Best} from the group {Target.Best}",
        (NameKind.Group, _, _) => $"changed the role of {Principal.Best} in the group {Target.Best}{As(" to ")}",
        (_, _, AccessChangeKind.Began) => $"gave {Who} access to the vault {Target.Best}{As(" with the rights ")}",
        (_, _, AccessChangeKind.Ended) => $"took from {Who} the access to the vault {Target.Best}",
        _ => $"changed the access of {Who} to the vault {Target.Best}{As(" to the rights ")}",
    };

    string KindWord => Target.Kind == NameKind.Group ? "group" : "vault";

    string Who => Principal!.Kind == NameKind.Group ? $"the group {Principal.Best}" : Principal.Best;

    string As(string before) => string.IsNullOrEmpty(Right) ? "" : before + TextOf(Right);
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
