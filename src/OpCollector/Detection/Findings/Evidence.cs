namespace OpCollector.Detection.Findings;

/// <summary>What a finding rests on: the events, who and what is in them, and of several events how many there were and when.</summary>
/// <param name="Time">When the last of the events happened; null where it does not say so in a form we can read.</param>
/// <param name="Summary">What happened, in one plain sentence.</param>
/// <param name="Event">The event that caused it; nothing where none did, as with silence.</param>
internal sealed record Evidence(
    string Stream, DateTimeOffset? Time, string Summary, IReadOnlyList<string> EventIds, ReadOnlyMemory<byte> Event)
{
    /// <summary>What the events have in common, or which of its findings a native rule means; empty otherwise.</summary>
    public string Key { get; init; } = "";

    /// <summary>The fields that the events are grouped by, with their values.</summary>
    public IReadOnlyList<(string Field, string Value)> Group { get; init; } = [];

    /// <summary>Of several events: how many were counted, from when to when.</summary>
    public (decimal Count, DateTimeOffset From, DateTimeOffset To)? Several { get; init; }

    /// <summary>The ids of the findings that it brings together, where it does.</summary>
    public IReadOnlyList<string> Findings { get; init; } = [];

    public Entities Entities { get; init; } = Entities.None;
}
