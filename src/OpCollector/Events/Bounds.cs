namespace OpCollector.Events;

/// <summary>The part of op's log that is wanted.</summary>
/// <param name="To">Up to and with this event.</param>
internal sealed record Bounds(long To)
{
    public bool Include(ActivityEvent each) => each.Eid <= To;
}
