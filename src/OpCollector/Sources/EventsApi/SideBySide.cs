using System.Runtime.CompilerServices;
using System.Threading.Channels;
using OpCollector.Events;

namespace OpCollector.Sources.EventsApi;

/// <summary>
/// Reads several streams at once and gives out what comes, in order within each; one that fails leaves the others alone. A stream whose
/// page is large is read on when that page is done.
/// </summary>
internal static class SideBySide
{
    /// <param name="troubles">Takes the failures.</param>
    public static async IAsyncEnumerable<(EventStream Stream, StreamPage Page)> Merge(
        IReadOnlyList<(EventStream Stream, IAsyncEnumerable<StreamPage> Pages)> streams,
        StreamFailures troubles,
        [EnumeratorCancellation] CancellationToken ct)
    {
        // One page of each is on its way, or waits, and none more: they take most of a run's memory.
        var waiting = Channel.CreateBounded<(EventStream Stream, StreamPage Page, TaskCompletionSource? Done)>(0);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var reading = Task.WhenAll(streams.Select(each => ReadAsync(each.Stream, each.Pages, troubles, waiting.Writer, enough.Token)))
            .ContinueWith(
                done => waiting.Writer.Complete(done.Exception?.InnerException),
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
        try
        {
            await foreach (var (stream, page, done) in waiting.Reader.ReadAllAsync(ct))
            {
                yield return (stream, page);
                done?.SetResult();
            }

            // Readers that were stopped have not come to their end.
            ct.ThrowIfCancellationRequested();
        }
        finally
        {
            await enough.CancelAsync();
            await reading;
        }
    }

    static async Task ReadAsync(
        EventStream stream,
        IAsyncEnumerable<StreamPage> pages,
        StreamFailures troubles,
        ChannelWriter<(EventStream Stream, StreamPage Page, TaskCompletionSource? Done)> waiting,
        CancellationToken ct)
    {
        await Task.Yield();
        try
        {
            await foreach (var page in pages.WithCancellation(ct))
            {
                if (page.News.Bytes is > LargeMemory.Large and var large)
                {
                    var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                    await waiting.WriteAsync((stream, page, done), ct);
                    await done.Task.WaitAsync(ct);
                    LargeMemory.Return(large);
                }
                else
                {
                    await waiting.WriteAsync((stream, page, null), ct);
                }
            }
        }
        catch (Failure failure)
        {
            troubles.Add(stream, failure);
        }
    }
}
