using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace OpCollector.Flow;

/// <summary>
/// Lets a stage make the next page while the one behind it is busy with this one, and no page more. A page that is very large has the
/// memory for itself: the next one is begun when it is done.
/// </summary>
internal static class ReadAhead
{
    /// <param name="bytes">How large a page is; null where all are small.</param>
    public static async IAsyncEnumerable<T> Prefetch<T>(
        IAsyncEnumerable<T> pages,
        [EnumeratorCancellation] CancellationToken ct,
        Func<T, long>? bytes = null)
    {
        var waiting = Channel.CreateBounded<T>(0);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var done = Channel.CreateUnbounded<bool>();
        var fetching = FetchAsync(pages, waiting.Writer, bytes, done.Reader, enough.Token);
        try
        {
            await foreach (var page in waiting.Reader.ReadAllAsync(ct))
            {
                // A page that already waits is a new page too: after a stop none is begun.
                ct.ThrowIfCancellationRequested();
                yield return page;
                if (bytes?.Invoke(page) > LargeMemory.Large)
                {
                    done.Writer.TryWrite(true);
                }
            }
        }
        finally
        {
            await enough.CancelAsync();
            await fetching;
        }
    }

    static async Task FetchAsync<T>(
        IAsyncEnumerable<T> pages,
        ChannelWriter<T> waiting,
        Func<T, long>? bytes,
        ChannelReader<bool> done,
        CancellationToken ct)
    {
        Exception? failure = null;
        try
        {
            await Task.Yield();
            await foreach (var page in pages.WithCancellation(ct))
            {
                await waiting.WriteAsync(page, ct);
                if (bytes?.Invoke(page) is > LargeMemory.Large and var large)
                {
                    await done.ReadAsync(ct);
                    LargeMemory.Return(large);
                }
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
