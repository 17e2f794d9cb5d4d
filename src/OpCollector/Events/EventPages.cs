using System.Runtime.CompilerServices;

namespace OpCollector.Events;

/// <summary>What can be said of a whole sequence of pages.</summary>
internal static class EventPages
{
    /// <summary>The pages up to an event id, that one included; all of them where there is no such bound.</summary>
    public static async IAsyncEnumerable<EventPage> UpTo(this IAsyncEnumerable<EventPage> pages, long? last, [EnumeratorCancellation] CancellationToken ct = default)
    {
        await foreach (var page in pages.WithCancellation(ct))
        {
            if (page.Events.Count == 0 || last is null || page.Events[^1].Eid < last)
            {
                yield return page;
                continue;
            }

            yield return page with { Events = [.. page.Events.Where(each => each.Eid <= last)] };
            yield break;
        }
    }
}
