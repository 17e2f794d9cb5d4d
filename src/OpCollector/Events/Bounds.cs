namespace OpCollector.Events;

/// <summary>The part of op's log that is wanted.</summary>
/// <param name="To">Up to and with this event.</param>
/// <param name="Since">From this time on; an event that does not tell its time is always wanted.</param>
/// <param name="Until">Up to and with this time.</param>
internal sealed record Bounds(long To, DateTimeOffset? Since = null, DateTimeOffset? Until = null)
{
    public bool Include(ActivityEvent each) => each.Eid <= To && !(each.Time < Since) && !(each.Time > Until);
}
