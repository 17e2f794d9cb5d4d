namespace OpEmulator.Scenarios;

/// <summary>One thing that goes wrong, and in which calls.</summary>
internal sealed record Fault
{
    public string Command { get; init; } = "";

    public long? Call { get; init; }

    public long? Times { get; init; }

    public FaultKind Do { get; init; }

    public int Code { get; init; } = 1;

    public int Status { get; init; } = 503;

    public int Milliseconds { get; init; } = 200;

    public string Stdout { get; init; } = "";

    public string Stderr { get; init; } = "";

    public string? Text { get; init; }
}
