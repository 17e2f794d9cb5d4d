using SiemEmulator.Faults;
using SiemEmulator.Http;

namespace EventsApiEmulator;

/// <summary>
/// What goes wrong with requests, and with which: an answer in place of the right one, or the right one in a wrong manner.
/// </summary>
/// <param name="Feature">The stream that it befalls; null for all.</param>
/// <param name="After">How many requests it lets pass before.</param>
/// <param name="Times">How many it befalls.</param>
internal sealed record Trouble(string? Feature = null, int After = 0, int Times = 1)
{
    public Reply? Reply { get; init; }

    public Func<string, string>? Changing { get; init; }

    public Manner Manner { get; init; }

    public TimeSpan Pause { get; init; }

    public static Trouble Answer(int status, string body = "", params string[] headers) =>
        new() { Reply = new Reply(status, body, headers) };

    /// <summary>The right answer, but on the wire like this.</summary>
    public static Trouble OnTheWire(Manner manner, TimeSpan pause = default) => new() { Manner = manner, Pause = pause };

    /// <summary>The right answer with another body.</summary>
    public static Trouble Changed(Func<string, string> change) => new() { Changing = change };

    public Trouble Of(string feature) => this with { Feature = feature };

    public Trouble Always() => this with { Times = int.MaxValue };
}
