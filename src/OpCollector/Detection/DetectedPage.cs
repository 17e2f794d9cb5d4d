using OpCollector.Events;
using OpCollector.Sources;

namespace OpCollector.Detection;

/// <summary>A page that the rules have seen.</summary>
/// <param name="Items">What is delivered for it: each event, directly behind it what was found in it.</param>
/// <param name="Remembered">What is to be remembered once they are delivered.</param>
/// <param name="Dropped">How many events are not delivered, because somebody does not want them.</param>
internal sealed record DetectedPage(
    EventPage Page, IReadOnlyList<ActivityEvent> Items, MemoryChange Remembered, int Dropped = 0)
{
    /// <summary>How much memory it takes, about.</summary>
    public long Bytes => Page.Bytes + Remembered.Bytes.Length + Items.Where(each => each.IsFinding).Sum(each => (long)each.Bytes.Length);
}
