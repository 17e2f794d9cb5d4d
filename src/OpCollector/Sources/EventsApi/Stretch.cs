using System.Threading.Channels;
using OpCollector.Http;

namespace OpCollector.Sources.EventsApi;

/// <summary>A stretch of a stream's time, which is read from now on; its first pages wait until they are wanted.</summary>
internal sealed class Stretch : IAsyncDisposable
{
    // What is full waits for its turn, so that a day of a million events is not in memory.
    const int MostWaiting = 2;

    readonly Channel<(EventsApiQuery Query, EventsApiPage Page)> _pages =
        Channel.CreateBounded<(EventsApiQuery Query, EventsApiPage Page)>(MostWaiting);

    readonly TaskCompletionSource _isWanted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly CancellationTokenSource _enough = new();
    readonly LargeAnswers.Turn _turn;
    readonly Task _reading;
    bool _isLargeOut;

    public Stretch(DateTimeOffset from, DateTimeOffset until, StreamQueries queries, StreamCalls calls)
    {
        (From, Until) = (from, until);
        // A stretch that is needed first must not wait for later ones.
        _turn = calls.NewTurn(_isWanted.Task);
        _reading = ReadAsync(queries, calls, _enough.Token);
    }

    public DateTimeOffset From { get; }

    public DateTimeOffset Until { get; }

    /// <summary>How many events it has shown so far.</summary>
    public int Events { get; private set; }

    /// <summary>The page that was answered to this question; null where it was not asked, or without success.</summary>
    public async Task<EventsApiPage?> PageAsync(EventsApiQuery query, CancellationToken ct)
    {
        _isWanted.TrySetResult();
        if (_isLargeOut)
        {
            // The page before was delivered.
            _turn.GiveBack();
        }

        if (!await _pages.Reader.WaitToReadAsync(ct) || !_pages.Reader.TryRead(out var read) || read.Query != query)
        {
            return null;
        }

        _isLargeOut = read.Page.Size > LargeMemory.Large;
        return read.Page;
    }

    public async ValueTask DisposeAsync()
    {
        await _enough.CancelAsync();
        await _reading;
        _turn.GiveBack();
        _enough.Dispose();
    }

    async Task ReadAsync(StreamQueries queries, StreamCalls calls, CancellationToken ct)
    {
        await Task.Yield();
        try
        {
            string? cursor = null;
            for (var isEnd = false; !isEnd;)
            {
                var query = queries.Create(cursor, From, Until);
                if (!(await calls.AskAheadAsync(query, _turn, ct)).Succeeded(out var page, out _))
                {
                    break;
                }

                var isLarge = page.Size > LargeMemory.Large;
                if (!isLarge)
                {
                    _turn.GiveBack();
                }

                Events += page.Events.Count;
                await _pages.Writer.WriteAsync((query, page), ct);
                // After a large page the stream asks by itself, when that is delivered.
                isEnd = isLarge || page.IsEndAfter(cursor);
                cursor = page.Cursor;
            }
        }
        catch (Exception ex) when (ex is Failure or OperationCanceledException)
        {
            // The stream asks again when it needs the page, and reports what fails then.
        }
        finally
        {
            _pages.Writer.Complete();
        }
    }
}
