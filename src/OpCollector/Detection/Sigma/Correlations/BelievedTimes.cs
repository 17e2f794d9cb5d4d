namespace OpCollector.Detection.Sigma.Correlations;

/// <summary>
/// When events are taken to have happened. What happens to items has the time of the device, whose clock anybody can set: one that
/// claims a time still to come happened when it was read, or the rules would forget everything before that time.
/// </summary>
internal sealed class BelievedTimes(TimeProvider clock)
{
    // A clock may differ from the source's, and rules remember for longer than this.
    static readonly TimeSpan Difference = TimeSpan.FromHours(1);

    DateTimeOffset? _last;

    // Asked only when an event is later than it.
    DateTimeOffset _now = DateTimeOffset.MinValue;

    /// <summary>When an event happened: as it says, or, where that is still to come, with the one before it.</summary>
    /// <param name="said">Null where it says nothing.</param>
    public DateTimeOffset? Believe(DateTimeOffset? said) => said is not { } time ? null
        : IsToCome(time) ? _last ?? _now
        : _last = time;

    /// <summary>Whether a moment is later than a difference between two clocks explains.</summary>
    public bool IsToCome(DateTimeOffset moment) => UpTo(moment) < moment && moment > _now.Plus(Difference);

    /// <summary>A moment, or now where that is still to come.</summary>
    public DateTimeOffset UpTo(DateTimeOffset moment)
    {
        _now = moment > _now ? clock.GetUtcNow() : _now;
        return moment > _now ? _now : moment;
    }
}
