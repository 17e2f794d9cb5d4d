using System.Runtime.CompilerServices;
using Serilog;

namespace OpCollector.Sources.Op;

/// <summary>Gives out what a walk has brought, in ascending order, once it has reached what is known.</summary>
internal sealed class WalkDelivery(OpWalk walk, string fingerprint, TimeProvider time, ILogger log)
{
    /// <summary>Walks on down to the id asked from, then gives everything back in ascending order.</summary>
    public async IAsyncEnumerable<NewEvents> PagesAsync(WalkFile file, Paging paging, [EnumeratorCancellation] CancellationToken ct)
    {
        var asked = paging.Asked;
        var bottom = await walk.DownToEventAsync(file, asked, ct);
        if (bottom.Count > 0)
        {
            if (paging.Accept(bottom) is { } unreadable)
            {
                yield return unreadable;
            }

            LogFailure.RefuseUnreadable(bottom, file.Lowest);
        }

        if (file.Lowest > asked && asked > 0)
        {
            WarnOfGap(asked, file.Lowest);
        }

        foreach (var page in Ascending(file, paging))
        {
            yield return page;
        }
    }

    public void WarnOfGap(long asked, long lowest)
    {
        if (lowest > asked + 1)
        {
            log.Warning("The log begins at event {Lowest}: nothing between {Asked} and it can be had any more", lowest, asked);
        }
    }

    IEnumerable<NewEvents> Ascending(WalkFile file, Paging paging)
    {
        // Only what was known before the walk proves anything; what it brings itself is known from then on.
        var expected = paging.Expected;
        foreach (var page in file.Ascending())
        {
            if (page.Events[^1].Eid >= expected)
            {
                RefuseHole(paging, page);
                expected = null;
            }

            if (paging.Accept(page) is { } taken)
            {
                yield return taken;
            }
        }
    }

    void RefuseHole(Paging paging, OpPage page)
    {
        if (paging.GoneTooEarly(page, time.GetUtcNow()) is { } gone)
        {
            walk.Forget();
            throw LogFailure.Gone(gone, fingerprint);
        }
    }
}
