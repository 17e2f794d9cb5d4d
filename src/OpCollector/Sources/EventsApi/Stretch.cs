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

    public Stretch(DateTimeOffset from, DateTimeOffset until, StretchQuery query, StretchAsk ask, LargeAnswers large)
    {
        (From, Until) = (from, until);
        // What is wanted first must never wait for what comes behind it.
        _turn = large.NewTurn(_isWanted.Task);
        _reading = ReadAsync(query, ask, _enough.Token);
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
            // It is delivered when the next page is wanted.
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

    async Task ReadAsync(StretchQuery query, StretchAsk ask, CancellationToken ct)
    {
        await Task.Yield();
        try
        {
            string? cursor = null;
            for (var isEnd = false; !isEnd;)
            {
                var question = query(cursor, From, Until);
                if (await ask(question, _turn, ct) is not ({ } page, _))
                {
                    break;
                }

                var isLarge = page.Size > LargeMemory.Large;
                if (!isLarge)
                {
                    _turn.GiveBack();
                }

                Events += page.Events.Count;
                await _pages.Writer.WriteAsync((question, page), ct);
                // Behind something large the stream asks by itself, when that is delivered.
                isEnd = isLarge || page.IsEndAfter(cursor);
                cursor = page.Cursor;
            }
        }
        catch (Exception ex) when (ex is Failure or OperationCanceledException)
        {
            // The stream asks for it again in its turn, and then it is told.
        }
        finally
        {
            _pages.Writer.Complete();
        }
    }
}

/// <summary>Asks a stream for a page, holding a large answer in a turn.</summary>
internal delegate Task<(EventsApiPage? Page, EventsApiFailure? Failure)> StretchAsk(
    EventsApiQuery query, LargeAnswers.Turn turn, CancellationToken ct);

/// <summary>Makes the question for a cursor, or for what is between two times.</summary>
internal delegate EventsApiQuery StretchQuery(string? cursor, DateTimeOffset from, DateTimeOffset? until);
