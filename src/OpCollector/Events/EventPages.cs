using System.Runtime.CompilerServices;

namespace OpCollector.Events;

/// <summary>What can be said of a whole sequence of pages.</summary>
internal static class EventPages
{
    /// <summary>The pages, as far as they lie within bounds; all of them where there are none.</summary>
    public static async IAsyncEnumerable<EventPage> Within(this IAsyncEnumerable<EventPage> pages, Bounds? bounds, [EnumeratorCancellation] CancellationToken ct = default)
    {
        await foreach (var page in pages.WithCancellation(ct))
        {
            yield return bounds is null ? page : page with { Events = [.. page.Events.Where(bounds.Include)] };
            if (page.Events is [.., var last] && last.Eid >= bounds?.To)
            {
                yield break;
            }
        }
    }
}
