using System.Text.Json.Serialization;

namespace OpCollector.Delivery;

/// <summary>
/// A batch that has ended several runs. After some runs the batch itself is suspected, and no longer a temporary failure of the sink.
/// </summary>
/// <param name="First">The id of its first item; what comes behind it may be more with each run.</param>
/// <param name="Runs">How many runs it has ended.</param>
/// <param name="Since">When it ended the first of them.</param>
internal sealed record HeldBatch(string Stream, string First, int Runs, DateTimeOffset Since)
{
    const int ManyRuns = 3;
    static readonly TimeSpan LongTime = TimeSpan.FromHours(1);

    /// <summary>The name of the route that it goes by; null for that of the sink itself.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Route { get; init; }

    /// <summary>The sink that what follows was learned from; null where nothing was.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Sink { get; init; }

    /// <summary>The items that the sink has, by their keys.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Taken { get; init; }

    /// <summary>The items that are in the quarantine.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? PutAside { get; init; }

    /// <summary>The items that it rejected alone. The name is that of the checkpoint's file, and so is the next one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Refused { get; init; }

    /// <summary>The last of the first open items that it rejected together.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? RefusedUntil { get; init; }

    public bool IsStuck(DateTimeOffset now) => Runs >= ManyRuns || (Runs > 0 && Since.Ago(now) >= LongTime);

    /// <summary>The same after one more run. A beginning that is still to come was told by a wrong clock.</summary>
    public HeldBatch Again(DateTimeOffset now) =>
        this with { Runs = Math.Max(Runs, 0) + 1, Since = Runs <= 0 || Since > now ? now : Since };
}
