using OpCollector.Events;

namespace OpCollector.Sources;

/// <summary>
/// What one step of a source brings: new events in the order of the source, none of them known before, and what could not be read.
/// </summary>
/// <param name="Position">The position that is safe once all of it is delivered.</param>
internal sealed record EventPage(
    string Stream,
    IReadOnlyList<ActivityEvent> Events,
    IReadOnlyList<MalformedEvent> Malformed,
    Position Position)
{
    /// <summary>What the source must know of it once all of it is delivered.</summary>
    public PageMemory Memory { get; init; } = new NothingToRemember();

    /// <summary>How much memory it takes, about.</summary>
    public long Bytes => Events.Sum(each => (long)each.Bytes.Length) + Malformed.Sum(each => (long)each.Bytes.Length);
}
