using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace OpCollector;

/// <summary>Lets a stage make the next page while the one behind it is busy with this one, and no page more.</summary>
internal static class ReadAhead
{
    public static async IAsyncEnumerable<T> Of<T>(IAsyncEnumerable<T> pages, [EnumeratorCancellation] CancellationToken ct)
    {
        var waiting = Channel.CreateBounded<T>(0);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var fetching = FetchAsync(pages, waiting.Writer, enough.Token);
        try
        {
            await foreach (var page in waiting.Reader.ReadAllAsync(ct))
            {
                // A page that already waits is a new page too: after a stop none is begun.
                ct.ThrowIfCancellationRequested();
                yield return page;
            }
        }
        finally
        {
            await enough.CancelAsync();
            await fetching;
        }
    }

    static async Task FetchAsync<T>(IAsyncEnumerable<T> pages, ChannelWriter<T> waiting, CancellationToken ct)
    {
        Exception? failure = null;
        try
        {
            await Task.Yield();
            await foreach (var page in pages.WithCancellation(ct))
            {
                await waiting.WriteAsync(page, ct);
            }
        }
#pragma warning disable CA1031 // passed on, not swallowed: the reader throws it once it has read what came before
        catch (Exception ex)
#pragma warning restore CA1031
        {
            failure = ex;
        }

        waiting.Complete(failure);
    }
}
