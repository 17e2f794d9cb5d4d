using OpCollector.Events;

namespace OpCollector.Sources.Op;

/// <summary>The part of op's log that a backfill delivers; all of it is fixed at its first start.</summary>
/// <param name="From">What is newer than this event.</param>
/// <param name="To">Up to and with this event.</param>
/// <param name="Since">From this time on; an event that does not tell its time is always wanted.</param>
/// <param name="Until">Up to and with this time.</param>
internal sealed record OpBackfill(long From, long To, DateTimeOffset? Since = null, DateTimeOffset? Until = null)
{
    public bool Wants(ActivityEvent each) => each.Eid <= To && !(each.Time < Since) && !(each.Time > Until);
}
