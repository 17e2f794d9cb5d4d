using System.Text.Json.Nodes;
using SiemEmulator.Http;
using SiemEmulator.Receivers;

namespace SiemEmulator.Faults;

/// <summary>
/// What goes wrong with a request that brings events: which requests it befalls, what is answered in place of the receiver's answer,
/// how much of what the receiver would have kept is stored, and how the answer goes over the wire.
/// </summary>
internal sealed record Fault
{
    Fault(Manner manner, int stored)
    {
        Manner = manner;
        Stored = stored;
    }

    public Manner Manner { get; init; }

    /// <summary>How many of the events that the receiver would keep are stored, from the first on.</summary>
    public int Stored { get; private init; }

    public bool IsBeforeReading { get; private init; }

    public int Repetitions { get; private init; } = 1;

    public Func<Reply, Reply> Answering { get; private init; } = reply => reply;

    public TimeSpan Pause { get; private init; }

    public Func<IReadOnlyList<string>, bool>? Condition { get; private init; }

    public int? Number { get; private init; }

    /// <summary>This answer; nothing is stored.</summary>
    public static Fault Answer(int status, string body = "", params string[] headers) => Answer(new Reply(status, body, headers));

    public static Fault Answer(Reply reply) => new(Manner.Plain, 0) { Answering = _ => reply };

    /// <summary>Away to another address of the same receiver, where following it is recorded; nothing is stored.</summary>
    public static Fault Redirect(int status) => Answer(status, "", $"Location: {Siem.Elsewhere}");

    /// <summary>A sign-in page, as a proxy in between shows it.</summary>
    public static Fault Html() => Answer(200, "<!DOCTYPE html><html><body>Sign in</body></html>", "Content-Type: text/html; charset=utf-8");

    public static Fault Empty() => Answer(200);

    public static Fault Garbage() => Answer(200, "\0{\"code\":0", "Content-Type: application/json");

    /// <summary>503 "Server is busy" at this event; those before it are indexed (opentelemetry-collector-contrib#36113).</summary>
    public static Fault HecBusy(int number) => Answer(HecReply.ServerBusy.At(number)).Storing(number);

    /// <summary>The receiver's own JSON answer, changed; what it keeps is stored.</summary>
    public static Fault Changed(Action<JsonObject> change) => new(Manner.Plain, int.MaxValue)
    {
        Answering = reply =>
        {
            var body = JsonNode.Parse(reply.Body)!.AsObject();
            change(body);
            return reply with { Body = body.ToJsonString() };
        },
    };

    public static Fault ItemsReversed() =>
        Changed(answer => answer["items"] = new JsonArray([.. answer["items"]!.AsArray().Reverse().Select(item => item!.DeepClone())]));

    public static Fault ItemMissing(int at) => Changed(answer => answer["items"]!.AsArray().RemoveAt(at));

    public static Fault ItemExtra() => Changed(answer => answer["items"]!.AsArray().Add(answer["items"]![0]!.DeepClone()));

    public static Fault ItemOfAnother(int at) =>
        Changed(answer => answer["items"]![at]!.AsObject().First().Value!["_id"] = "somebody-else");

    public static Fault ErrorsFlag(bool value) => Changed(answer => answer["errors"] = value);

    /// <summary>The receiver's own answer and storing, but on the wire like this. What sends no answer stores nothing.</summary>
    public static Fault OnTheWire(Manner manner) => new(manner, manner is Manner.Hang or Manner.Close or Manner.Reset ? 0 : int.MaxValue);

    public static Fault Slow(TimeSpan pause) => OnTheWire(Manner.Slow) with { Pause = pause };

    public static Fault Hang() => OnTheWire(Manner.Hang);

    public static Fault Close() => OnTheWire(Manner.Close);

    public static Fault Reset() => OnTheWire(Manner.Reset);

    public Fault Storing(int first = int.MaxValue) => this with { Stored = first };

    public Fault StoringNothing() => this with { Stored = 0 };

    /// <summary>As soon as the head is there, without a look at the body.</summary>
    public Fault BeforeReading() => this with { IsBeforeReading = true, Stored = 0 };

    public Fault Times(int times) => this with { Repetitions = times };

    public Fault Always() => Times(int.MaxValue);

    /// <summary>Only the n-th request that brings events, counted from 1.</summary>
    public Fault On(int number) => this with { Number = number };

    /// <summary>Only requests whose ids are like this.</summary>
    public Fault When(Func<IReadOnlyList<string>, bool> condition) => this with { Condition = condition };

    public Fault Holding(string id) => When(ids => ids.Contains(id));
}
