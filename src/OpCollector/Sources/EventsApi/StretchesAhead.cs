namespace OpCollector.Sources.EventsApi;

/// <summary>
/// Reads a backfill ahead: its time is cut into stretches of about a page each, and several are read side by side while the first one is
/// delivered. The stream asks as it would without, and most of its answers are here already. Whatever goes wrong ahead is left to the
/// stream, which asks for it again in its turn.
/// </summary>
/// <param name="mostCalls">How many stretches are read at once; 1 for none ahead.</param>
internal sealed class StretchesAhead(int mostCalls, StreamQueries queries, StreamCalls calls) : IAsyncDisposable
{
    readonly Queue<Stretch> _ahead = new();
    readonly StretchWidth _width = new(queries.Limit);
    Stretch? _current;

    /// <summary>The position with the stretch that begins there, if one does; those behind it are asked for.</summary>
    public async ValueTask<StreamPosition> BeginAsync(StreamPosition position)
    {
        if (mostCalls == 1 || position is not { Until: { } end, Cursor: null, Stretch: null })
        {
            return position;
        }

        if (_current is { } done)
        {
            _width.Adapt(done.Until - done.From, done.Events);
            await done.DisposeAsync();
        }

        if (_ahead.TryPeek(out var first) && (first.From != position.AskFrom || _width.IsTooWide(first.Until - first.From)))
        {
            // The stream begins again elsewhere, or is busier than it was.
            await ForgetAsync();
        }

        Plan(position.AskFrom, end);
        _current = _ahead.Dequeue();
        return position with { Stretch = _current.Until == end ? null : _current.Until };
    }

    /// <summary>What was answered to this question ahead; null where it was not asked, or without success.</summary>
    public async Task<EventsApiPage?> PageAsync(EventsApiQuery query, CancellationToken ct) =>
        _current is null ? null : await _current.PageAsync(query, ct);

    public async ValueTask DisposeAsync()
    {
        await ForgetAsync();
        if (_current is not null)
        {
            await _current.DisposeAsync();
        }
    }

    void Plan(DateTimeOffset from, DateTimeOffset end)
    {
        var next = _ahead.Count == 0 ? from : _ahead.Last().Until;
        while (_ahead.Count < mostCalls && (next < end || _ahead.Count == 0))
        {
            var until = _width.EndOf(next, end);
            _ahead.Enqueue(new Stretch(next, until, queries, calls));
            next = until;
        }
    }

    async ValueTask ForgetAsync()
    {
        while (_ahead.TryDequeue(out var each))
        {
            await each.DisposeAsync();
        }
    }
}
