namespace OpCollector.Sources;

/// <summary>A sign-in or a token that 1Password refused, how often in a row, and until when none is tried by itself.</summary>
internal sealed record CredentialRefusal(int Times, DateTimeOffset At, DateTimeOffset Until)
{
    // Counted on for the message alone.
    const int MostTimes = 1_000_000;

    static readonly TimeSpan LongestPause = TimeSpan.FromHours(24);

    /// <summary>
    /// A refusal as it was kept, or null: one that is still to come was written by a clock that was ahead, and no pause is longer than the
    /// longest.
    /// </summary>
    public static CredentialRefusal? Believed(CredentialRefusal? kept, DateTimeOffset now) =>
        kept is null || kept.At > now || kept.Times < 1
            ? null
            : kept with { Until = kept.Until < kept.At.Plus(LongestPause) ? kept.Until : kept.At.Plus(LongestPause) };

    /// <summary>The pause grows from 1 hour to 24: most refusals are a changed secret, and each try counts against the account.</summary>
    public static CredentialRefusal After(CredentialRefusal? before, DateTimeOffset now)
    {
        var times = Math.Min(before?.Times ?? 0, MostTimes) + 1;
        var pause = TimeSpan.FromHours(Math.Pow(2, Math.Min(times - 1, 5)));
        return new CredentialRefusal(times, now, now.Plus(pause < LongestPause ? pause : LongestPause));
    }
}

/// <summary>What a run does about a sign-in or a token that an earlier run was refused.</summary>
internal enum RefusalPolicy
{
    /// <summary>Waits until the pause is over, and begins one after a refusal.</summary>
    Pause,

    /// <summary>Tries at once, and begins no pause: somebody looks on.</summary>
    TryAtOnce,
}
