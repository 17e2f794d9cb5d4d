namespace OpEmulator.Scenarios;

/// <summary>A history told by its rule instead of its events, so that a million of them cost nothing.</summary>
internal sealed record GeneratedEvents
{
    public int Count { get; init; }

    public long First { get; init; } = 1000;

    public long Step { get; init; } = 7;

    public DateTimeOffset Start { get; init; } = new(2026, 9, 1, 0, 0, 0, TimeSpan.Zero);

    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(60);
}
