using System.Collections.Immutable;

namespace OpCollector.Sources.EventsApi;

/// <summary>
/// What was delivered of a stream, so that it is known when it is shown again: equal events are one, and different ones of one id stay
/// apart.
/// </summary>
internal abstract class SeenEvents
{
    /// <summary>What of a page has not been seen; from now on it is, as far as this run goes.</summary>
    /// <param name="oldest">What happened before is not read again.</param>
    public abstract (NewEvents Events, FreshIds Ids) Fresh(EventsApiPage page, DateTimeOffset oldest);

    /// <summary>Makes durable, where that is wanted, that this part of a page is delivered.</summary>
    /// <exception cref="Failure">It is not on the disk (74).</exception>
    public abstract void Remember(FreshIds delivered);
}

/// <summary>Remembers the ids of a page.</summary>
internal sealed class SeenPage(SeenEvents seen, FreshIds ids) : PageMemory
{
    public override void Write() => seen.Remember(ids);
}

/// <summary>How the part of a page that was not seen before is known again.</summary>
/// <param name="Ids">By day; nothing where that is not kept.</param>
/// <param name="Oldest">What happened before is not read again.</param>
/// <param name="Counts">How many ids of each day are remembered with them; null where they are not kept.</param>
internal sealed record FreshIds(
    IReadOnlyList<(DateOnly Day, SeenId Id)> Ids, DateTimeOffset Oldest, ImmutableSortedDictionary<DateOnly, int>? Counts = null);
