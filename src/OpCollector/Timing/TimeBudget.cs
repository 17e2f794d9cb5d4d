namespace OpCollector.Timing;

/// <summary>How long something may take in all, from when this was made.</summary>
internal sealed class TimeBudget(TimeSpan length, TimeProvider time)
{
    readonly long _began = time.GetTimestamp();

    public TimeSpan Length => length;

    public TimeSpan Left => length - time.GetElapsedTime(_began);
}
