using OpCollector.Events;

namespace OpCollector.Delivery.Forms;

/// <summary>Items with what is sent for each, which holds until this is disposed of.</summary>
/// <param name="memory">Where what is sent lies; null where items are sent as they are.</param>
internal sealed class FormedItems(IReadOnlyList<ActivityEvent> items, FormMemory? memory) : IDisposable
{
    public IReadOnlyList<ActivityEvent> Items => items;

    public void Dispose() => memory?.Dispose();
}
