namespace OpCollector.Sources;

/// <summary>A sign-in or a token that 1Password refused, how often in a row, and until when none is tried by itself.</summary>
internal sealed record Refusal(int Times, DateTimeOffset At, DateTimeOffset Until)
{
    static readonly TimeSpan LongestPause = TimeSpan.FromHours(24);

    /// <summary>The pause grows from 1 hour to 24: most refusals are a changed secret, and each try counts against the account.</summary>
    public static Refusal After(Refusal? before, DateTimeOffset now)
    {
        var times = (before?.Times ?? 0) + 1;
        var pause = TimeSpan.FromHours(Math.Pow(2, Math.Min(times - 1, 5)));
        return new Refusal(times, now, now + (pause < LongestPause ? pause : LongestPause));
    }
}
