namespace OpCollector.Sources.Op;

/// <summary>A sign-in that 1Password refused, how often in a row, and until when none is tried by itself.</summary>
internal sealed record OpRefusal(int Times, DateTimeOffset At, DateTimeOffset Until);
