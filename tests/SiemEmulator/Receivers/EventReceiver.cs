using System.Text.Json.Nodes;
using System.Text.Unicode;
using SiemEmulator.Checks;
using SiemEmulator.Http;

namespace SiemEmulator.Receivers;

/// <summary>One vendor's way to take events: what it refuses, what it stores, what it answers.</summary>
internal abstract class EventReceiver
{
    /// <summary>Proofs of who sends; the first that fails is answered with 401.</summary>
    public IReadOnlyList<Check> Checks { get; init; } = [];

    public Limits Limits { get; init; } = new();

    /// <summary>Ids of events that this receiver never takes, in the way in which it refuses events.</summary>
    public ISet<string> Poison { get; init; } = new HashSet<string>();

    /// <summary>Where events go, for the address that is given to the program.</summary>
    public abstract string Path { get; }

    /// <summary>Whether a request brings events, so that the script counts it.</summary>
    public virtual bool IsData(Head head) => true;

    public Judgement Judge(Call call)
    {
        // RFC 9110 §15.5.16: a content coding that is not accepted is answered with 415.
        if (call.Head.Header("Content-Encoding") is not null && !Limits.Gzip)
        {
            return Refused(415, "compressed bodies are not taken") with { Reply = new Reply(415, "", "Accept-Encoding: identity") };
        }

        if (Checks.Select(check => check.Complaint(call)).FirstOrDefault(complaint => complaint is not null) is { } stranger)
        {
            return Refused(401, stranger);
        }

        // RFC 9110 §15.5.14: more than the server takes is answered with 413.
        if (call.Body.Length > Limits.Bytes)
        {
            return Refused(413, $"{call.Body.Length} bytes are more than {Limits.Bytes}");
        }

        // RFC 8259 §8.1: JSON between systems is UTF-8.
        if (!Utf8.IsValid(call.Body))
        {
            return Refused(400, "the body is not UTF-8");
        }

        var judgement = Read(call);
        return judgement.Events.Count > Limits.Events
            ? Refused(413, $"{judgement.Events.Count} events are more than {Limits.Events}", judgement.Events)
            : judgement;
    }

    /// <summary>Told of what is really stored, now or by a receiver before on the same directory.</summary>
    public virtual void Keep(IReadOnlyList<SiemEvent> events)
    {
    }

    protected abstract Judgement Read(Call call);

    protected virtual Judgement Refused(int status, string why, IReadOnlyList<SiemEvent>? events = null) =>
        Judgement.Refused(Reply.Json(status, new JsonObject { ["error"] = why }.ToJsonString()), why, events);
}
