namespace OpCollector.Events;

/// <summary>
/// What one step of a source brings: new events in ascending order, none of them known before, and what could not be read.
/// </summary>
/// <param name="Delivered">What the source wants done once the checkpoint has passed this page for good.</param>
internal sealed record EventPage(
    string Stream,
    IReadOnlyList<ActivityEvent> Events,
    IReadOnlyList<MalformedEvent> Malformed,
    Action? Delivered = null);
