namespace OpCollector.Detection;

/// <summary>A clock at which nothing is still to come: events in tests of rules are believed whatever they say.</summary>
internal sealed class EndOfTimeClock : TimeProvider
{
    public static readonly EndOfTimeClock Instance = new();

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.MaxValue;
}
