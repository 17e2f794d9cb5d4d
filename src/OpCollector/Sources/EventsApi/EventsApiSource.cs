using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using OpCollector.Events;
using OpCollector.Http;
using OpCollector.Storage;
using Serilog;

namespace OpCollector.Sources.EventsApi;

/// <summary>
/// The Events API: its streams side by side, each in its own order, with one token. A stream that cannot be read is reported and
/// does not stop the others.
/// </summary>
/// <param name="start">Where a stream begins that the checkpoint does not know yet.</param>
/// <param name="token">Reads the token; it is asked for only when there is something to ask.</param>
/// <param name="atOnce">How many stretches of each stream a backfill reads at once.</param>
internal sealed class EventsApiSource(
    EventsApiSettings settings,
    StartingPoint start,
    Func<CancellationToken, Task<string>> token,
    EventsApiMemory memory,
    StateStore state,
    int atOnce,
    TimeProvider time,
    ILogger log) : Source
{
    readonly StreamTroubles _troubles = new();
    readonly HashSet<string> _leftOut = [];
    readonly LargeAnswers _large = new();

    // Enqueued where pages are read, dequeued where they are delivered.
    readonly ConcurrentQueue<(Position Position, SeenEvents Seen, FreshIds Ids)> _undelivered = [];

    // The streams are asked side by side, and are refused in one run.
    readonly DateTimeOffset _began = time.GetUtcNow();
    EventsApiClient? _client;
    EventsApiToken? _token;
    Introspection _checked = Introspection.Nothing;

    /// <summary>What is told of each page.</summary>
    public ReadCount ReadCount { get; init; } = new();

    public override NameDirectory Names { get; } = new NoNames();

    public override string? Delay => _client?.Delay;

    public override Failure? Trouble => _troubles.Together;

    EventsApiAnchor Anchor => new(settings, time, log);

    public override bool HasManyStreams => settings.Streams.Count(each => !_leftOut.Contains(each.Stream.Name)) > 1;

    public override bool HasStreams => settings.Streams.Any(each => !_leftOut.Contains(each.Stream.Name));

    public override void LeaveOut(string stream) => _leftOut.Add(stream);

    public override IEnumerable<(string What, Func<CancellationToken, Task<string>> Try)> Checks(Position? position) =>
    [
        ("token", ct => CheckTokenAsync(position, ct)),
        .. settings.Streams.Select(
            each => (each.Stream.Name, (Func<CancellationToken, Task<string>>)(ct => CheckStreamAsync(each.Stream, ct)))),
    ];

    public override Task<Position> AnchorAsync(StartingPoint from, CancellationToken ct) => Task.FromResult<Position>(Anchor.First(from));

    public override Position WithAdded(Position position) => Anchor.WithAdded((StreamPositions)position, start);

    public override Task<Position?> BackfillAsync(
        DateTimeOffset since, DateTimeOffset? until, string? stream, Position? cron, CancellationToken ct) =>
        Task.FromResult<Position?>(Anchor.Between(since, until, stream, (StreamPositions?)cron));

    public override async IAsyncEnumerable<EventPage> PagesAsync(Position from, [EnumeratorCancellation] CancellationToken ct)
    {
        var positions = (StreamPositions)from;
        // A backfill has the streams it was asked for.
        var streams = settings.Streams
            .Where(each => positions.Streams.ContainsKey(each.Stream.Name))
            .Where(each => !_leftOut.Contains(each.Stream.Name) && !IsPaused(each.Stream))
            .ToList();
        if (streams.Count == 0)
        {
            yield break;
        }

        await using var admission = new Admission(await OpenAsync(ct), positions.Source, ct);
        var readings = streams.Select(each => (
            PagesAsync(each, positions.Streams[each.Stream.Name], admission, ct),
            (Action<Failure>)(failure => _troubles.Add(each.Stream, failure))));
        await foreach (var (stream, page) in SideBySide.Merge([.. readings], static each => each.Page.News.Bytes, ct))
        {
            positions = (positions with { Source = await admission.SourceAsync() })
                .After(stream.Name, page.Position, page.News.Events.Any(each => each.Time is null), time.GetUtcNow());
            _undelivered.Enqueue((positions, page.Seen, page.Ids));
            yield return new EventPage(stream.Name, page.News.Events, page.News.Malformed, positions);
        }

        // No stream has a page where the token opens another account.
        await admission.SourceAsync();
    }

    public override void Remember(EventPage page)
    {
        // Pages are delivered in the order in which they were read. What was read before and not delivered is passed over.
        while (_undelivered.TryDequeue(out var read))
        {
            if (ReferenceEquals(read.Position, page.Position))
            {
                read.Seen.Remember(read.Ids);
                return;
            }
        }
    }

    public override ValueTask DisposeAsync()
    {
        _client?.Dispose();
        _large.Dispose();
        return ValueTask.CompletedTask;
    }

    async IAsyncEnumerable<(EventStream Stream, StreamPage Page)> PagesAsync(
        StreamSettings each,
        StreamPosition position,
        Admission admission,
        [EnumeratorCancellation] CancellationToken ct)
    {
        var turn = _large.NewTurn();
        // A stream that is followed may be read again in any later run; a backfill is read once.
        SeenEvents seen = position.Until is null ? new SeenOnDisk(state, each.Stream.Name, time) : new SeenInMemory();
        await using var ahead = new StretchesAhead(
            atOnce,
            settings.Limit,
            (query, held, asked) => admission.ListAsync(each.Stream, query, held, asked),
            _large);
        var stream = new EventsApiStream(
            each,
            settings.Limit,
            async (query, asked) =>
            {
                // The next page is asked for when the one before it is delivered, if that was large.
                turn.GiveBack();
                return Learn(each.Stream, await admission.ListAsync(each.Stream, query, turn, asked));
            },
            seen,
            ahead,
            time,
            log);
        try
        {
            await foreach (var page in stream.PagesAsync(position, ct))
            {
                yield return (each.Stream, page);
            }
        }
        finally
        {
            turn.GiveBack();
        }
    }

    async Task<EventsApiClient> OpenAsync(CancellationToken ct)
    {
        var now = time.GetUtcNow();
        _token = EventsApiToken.Parse(await token(ct), settings.Token.Place);
        _client?.Dispose();
        _client = new EventsApiClient(_token.Url(settings), _token.Value, settings.NoProxy, time, log);
        if (_token.ExpiryNotice(now) is { } notice && memory.TellsExpiry(now))
        {
            log.Warning("{Notice:l}", notice);
        }

        return _client;
    }

    // What a stream has answered is remembered: that it refuses the token, and how far it is read.
    (EventsApiPage? Page, EventsApiFailure? Failure) Learn(
        EventStream stream,
        (EventsApiPage? Page, EventsApiFailure? Failure) answer)
    {
        var (page, failure) = answer;
        if (failure?.Kind == EventsApiFailureKind.Refused)
        {
            var pause = memory.BeginPause(stream, _began) is { } refusal
                ? $". Not asked by itself before {refusal.Until:u}; opcollector check tries at once"
                : "";
            return (null, failure with { Advice = $"{failure.Advice} {stream.Feature}{pause}" });
        }

        if (page is not null)
        {
            memory.ForgetRefusal(stream);
            ReadCount.Add(page.Events.Count, page.Events.Count > 0 ? page.Events[^1].Time : null);
        }

        return (page, failure);
    }

    bool IsPaused(EventStream stream)
    {
        if (memory.PauseOf(stream, time.GetUtcNow()) is not { } refusal)
        {
            return false;
        }

        _troubles.Add(stream, new Failure(
            ExitCode.Refused,
            $"1Password refused the token at {refusal.At:u}; not asked before {refusal.Until:u}. Fix source.eventsApi.token (or its "
                + "streams), then run opcollector check, which tries at once"));
        return true;
    }

    async Task<string> CheckTokenAsync(Position? position, CancellationToken ct)
    {
        var about = _checked = await (await OpenAsync(ct)).IntrospectAsync(ct);
        about.RefuseOtherThan(position?.Source ?? StreamPositions.AnyAccount);
        var notice = _token!.ExpiryNotice(time.GetUtcNow());
        return $"for {_client!.Url.Authority}{(about.Account is null ? "" : $", account {about.Account}")}" +
            $"{(about.Features is null ? "" : $", with the rights {string.Join(", ", about.Features)}")}" +
            $"{(notice is null ? "" : $". {notice}")}";
    }

    async Task<string> CheckStreamAsync(EventStream stream, CancellationToken ct)
    {
        _checked.RefuseWithoutRightTo(stream);
        var turn = _large.NewTurn();
        var query = new EventsApiQuery(null, time.GetUtcNow() - TimeSpan.FromDays(1), null, 1);
        var (page, failure) = Learn(stream, await _client!.ListAsync(stream, query, turn, ct));
        turn.GiveBack();
        return page is null ? throw failure!.ToFailure()
            : page.Events is [{ Time: { } happened }, ..] ? $"readable, with an event of {happened:u}"
            : "readable, nothing in the last day";
    }
}
