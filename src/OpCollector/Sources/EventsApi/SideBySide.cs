using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace OpCollector.Sources.EventsApi;

/// <summary>
/// Reads several sequences at once and gives out what comes, in order within each; one that fails leaves the others alone. A sequence whose
/// page is large is read on when that page is done.
/// </summary>
internal static class SideBySide
{
    /// <param name="sequences">Each with what is to be done when it fails.</param>
    /// <param name="bytes">How large a page is.</param>
    public static async IAsyncEnumerable<T> Merge<T>(
        IReadOnlyList<(IAsyncEnumerable<T> Sequence, Action<Failure> Failed)> sequences,
        Func<T, long> bytes,
        [EnumeratorCancellation] CancellationToken ct)
    {
        // One page of each is on its way, or waits, and none more: they take most of a run's memory.
        var waiting = Channel.CreateBounded<(T Page, TaskCompletionSource? Done)>(0);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var reading = Task.WhenAll(sequences.Select(each => ReadAsync(each.Sequence, each.Failed, waiting.Writer, bytes, enough.Token)))
            .ContinueWith(
                done => waiting.Writer.Complete(done.Exception?.InnerException),
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
        try
        {
            await foreach (var (page, done) in waiting.Reader.ReadAllAsync(ct))
            {
                yield return page;
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

    static async Task ReadAsync<T>(
        IAsyncEnumerable<T> sequence,
        Action<Failure> failed,
        ChannelWriter<(T Page, TaskCompletionSource? Done)> waiting,
        Func<T, long> bytes,
        CancellationToken ct)
    {
        await Task.Yield();
        try
        {
            await foreach (var page in sequence.WithCancellation(ct))
            {
                if (bytes(page) is > LargeMemory.Large and var large)
                {
                    var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                    await waiting.WriteAsync((page, done), ct);
                    await done.Task.WaitAsync(ct);
                    LargeMemory.Return(large);
                }
                else
                {
                    await waiting.WriteAsync((page, null), ct);
                }
            }
        }
        catch (Failure failure)
        {
            failed(failure);
        }
    }
}
