using SiemEmulator.Http;

namespace SiemEmulator.Receivers;

/// <summary>
/// What a receiver makes of a request: its answer, the events it found, those of them it stores, and why it refuses if it does.
/// </summary>
internal sealed record Judgement(Reply Reply, IReadOnlyList<SiemEvent> Events, IReadOnlyList<SiemEvent> Kept, string? Refusal)
{
    public static Judgement Accepted(Reply reply, IReadOnlyList<SiemEvent> events) => new(reply, events, events, null);

    public static Judgement Refused(Reply reply, string why, IReadOnlyList<SiemEvent>? events = null) => new(reply, events ?? [], [], why);
}
