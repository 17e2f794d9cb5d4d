using OpEmulator.Dialects;
using OpEmulator.Scenarios;

namespace OpEmulator.Events;

/// <summary>Decides which events a page holds and in which order, for every meaning "newer" may have.</summary>
internal static class PageChoice
{
    public static int[] Of(IHistory history, EventsRequest request, Scenario scenario)
    {
        if (scenario.UnknownIds == "empty" && request.Direction != EventsDirection.Newest && !Holds(history, request.Eid))
        {
            return [];
        }

        var oldest = FirstFrom(history, scenario.MinEid);
        var size = scenario.PageSize;
        switch (request.Direction)
        {
            case EventsDirection.Newest:
                return Last(oldest, history.Count, size);
            case EventsDirection.Older:
                return Last(oldest, FirstFrom(history, request.Eid), size);
            default:
                var first = Math.Max(oldest, scenario.Inclusive ? FirstFrom(history, request.Eid) : FirstAbove(history, request.Eid));
                return scenario.Newer switch
                {
                    NewerOrder.Newest100 => Last(first, history.Count, size),
                    NewerOrder.Descending => Last(first, Math.Min(history.Count, first + size), size),
                    NewerOrder.Shuffled => Shuffle(Next(first, history.Count, size), request.Eid),
                    _ => Next(first, history.Count, size),
                };
        }
    }

    public static bool Holds(IHistory history, long eid) =>
        FirstFrom(history, eid) is var at && at < history.Count && history.EidAt(at) == eid;

    static int[] Next(int first, int end, int size)
    {
        var page = new int[Math.Clamp(end - first, 0, size)];
        for (var i = 0; i < page.Length; i++)
        {
            page[i] = first + i;
        }

        return page;
    }

    static int[] Last(int first, int end, int size)
    {
        var page = new int[Math.Clamp(end - first, 0, size)];
        for (var i = 0; i < page.Length; i++)
        {
            page[i] = end - 1 - i;
        }

        return page;
    }

    static int[] Shuffle(int[] page, long seed)
    {
#pragma warning disable CA5394 // The same request must give the same page again, so it must not be secure.
        new Random(unchecked((int)seed)).Shuffle(page);
#pragma warning restore CA5394
        return page;
    }

    static int FirstAbove(IHistory history, long eid) => eid == long.MaxValue ? history.Count : FirstFrom(history, eid + 1);

    static int FirstFrom(IHistory history, long eid)
    {
        var (low, high) = (0, history.Count);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            (low, high) = history.EidAt(middle) < eid ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
