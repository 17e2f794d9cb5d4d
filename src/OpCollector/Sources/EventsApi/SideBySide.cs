using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace OpCollector.Sources.EventsApi;

/// <summary>Reads several sequences at once and gives out what comes, in order within each; one that fails leaves the others alone.</summary>
internal static class SideBySide
{
    /// <param name="sequences">Each with what is to be done when it fails.</param>
    public static async IAsyncEnumerable<T> Of<T>(IReadOnlyList<(IAsyncEnumerable<T> Sequence, Action<Failure> Failed)> sequences, [EnumeratorCancellation] CancellationToken ct)
    {
        // One page of each is on its way at most, and one waits.
        var waiting = Channel.CreateBounded<T>(1);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var reading = Task.WhenAll(sequences.Select(each => ReadAsync(each.Sequence, each.Failed, waiting.Writer, enough.Token)))
            .ContinueWith(done => waiting.Writer.Complete(done.Exception?.InnerException), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        try
        {
            await foreach (var each in waiting.Reader.ReadAllAsync(ct))
            {
                yield return each;
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

    static async Task ReadAsync<T>(IAsyncEnumerable<T> sequence, Action<Failure> failed, ChannelWriter<T> waiting, CancellationToken ct)
    {
        await Task.Yield();
        try
        {
            await foreach (var each in sequence.WithCancellation(ct))
            {
                await waiting.WriteAsync(each, ct);
            }
        }
        catch (Failure failure)
        {
            failed(failure);
        }
    }
}
