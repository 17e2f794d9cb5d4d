using System.Runtime.CompilerServices;

namespace OpCollector.Sources;

/// <summary>What can be said of a whole sequence of pages.</summary>
internal static class EventPages
{
    /// <summary>The pages with so many events, the last one cut; all of them where there is no limit.</summary>
    public static async IAsyncEnumerable<EventPage> Take(
        this IAsyncEnumerable<EventPage> pages, int? limit, [EnumeratorCancellation] CancellationToken ct = default)
    {
        var left = limit ?? int.MaxValue;
        await foreach (var page in pages.WithCancellation(ct))
        {
            yield return page.Events.Count <= left ? page : page with { Events = [.. page.Events.Take(left)] };
            left -= limit is null ? 0 : page.Events.Count;
            if (left <= 0)
            {
                yield break;
            }
        }
    }
}
