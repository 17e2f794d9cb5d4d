using OpCollector.Events;

namespace OpCollector.Sources;

/// <summary>
/// What is new in a page of a source: events in the order of the source, none of them known before, and what could not be read.
/// </summary>
internal sealed record NewEvents(IReadOnlyList<ActivityEvent> Events, IReadOnlyList<MalformedEvent> Malformed)
{
    public bool IsEmpty => Events.Count + Malformed.Count == 0;

    /// <summary>How much memory it takes, about.</summary>
    public long Bytes => Events.Sum(each => (long)each.Bytes.Length) + Malformed.Sum(each => (long)each.Bytes.Length);

    /// <summary>The same; where it is the smaller part of a large answer, with bytes of its own, so that the answer can go.</summary>
    /// <param name="answer">How many bytes the answer has that it was read from.</param>
    public NewEvents OutOf(int answer) => !LargeMemory.Wastes(answer, Bytes) ? this : new NewEvents(
        [.. Events.Select(each => each with { Bytes = each.Bytes.ToArray() })],
        [.. Malformed.Select(each => each with { Bytes = each.Bytes.ToArray() })]);
}
