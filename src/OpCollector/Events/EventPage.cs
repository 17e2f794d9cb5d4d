namespace OpCollector.Events;

/// <summary>
/// What one step of a source brings: new events in the order of the source, none of them known before, and what could not be read.
/// </summary>
/// <param name="Remember">What the source must make durable once all of it is delivered, and before the checkpoint passes it.</param>
/// <param name="Delivered">What the source wants done once the checkpoint has passed this page for good.</param>
/// <param name="Position">What is safe once all of it is delivered, where the events themselves do not tell.</param>
/// <param name="Source">Whose events these are, where the source has learnt it only now.</param>
internal sealed record EventPage(
    string Stream,
    IReadOnlyList<ActivityEvent> Events,
    IReadOnlyList<MalformedEvent> Malformed,
    Action? Remember = null,
    Action? Delivered = null,
    StreamPosition? Position = null,
    string? Source = null)
{
    /// <summary>How much memory it takes, about.</summary>
    public long Bytes => Events.Sum(each => (long)each.Bytes.Length) + Malformed.Sum(each => (long)each.Bytes.Length);

    /// <summary>The same page; where it is the smaller part of a large answer, with bytes of its own, so that the answer can go.</summary>
    /// <param name="answer">How many bytes the answer has that it was read from.</param>
    public EventPage OutOf(int answer) => !LargeMemory.Wastes(answer, Bytes) ? this : this with
    {
        Events = [.. Events.Select(each => each with { Bytes = each.Bytes.ToArray() })],
        Malformed = [.. Malformed.Select(each => each with { Bytes = each.Bytes.ToArray() })],
    };
}
