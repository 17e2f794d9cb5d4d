using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using OpCollector.Checkpoints;
using OpCollector.Events;
using OpCollector.Http;
using OpCollector.Storage;
using Serilog;

namespace OpCollector.Sources.EventsApi;

/// <summary>
/// The Events API: its streams side by side, each in its own order, with one token. A stream that cannot be read is told of and
/// does not stop the others.
/// </summary>
/// <param name="start">Where a stream begins that the checkpoint does not know yet.</param>
/// <param name="token">Reads the token; it is asked for only when there is something to ask.</param>
/// <param name="obeyPause">Whether a stream that refused the token is left alone for a while.</param>
internal sealed class EventsApiSource(
    EventsApiSettings settings,
    Start start,
    Func<CancellationToken, Task<string>> token,
    EventsApiMemory memory,
    StateStore state,
    bool obeyPause,
    TimeProvider time,
    ILogger log) : Source
{
    /// <summary>Whose events these are, before the API has said which account's.</summary>
    public const string Fingerprint = "events:";

    readonly StreamTroubles _troubles = new();
    readonly HashSet<string> _leftOut = [];
    readonly LargeAnswers _large = new();

    // The streams are asked side by side, and are refused in one run.
    readonly DateTimeOffset _began = time.GetUtcNow();
    EventsApiClient? _client;
    EventsApiToken? _token;

    public override string? Delay => _client?.Delay;

    public override Failure? Trouble => _troubles.Together;

    public override bool HasManyStreams => settings.Streams.Count(each => !_leftOut.Contains(each.Stream.Name)) > 1;

    public override bool HasStreams => settings.Streams.Any(each => !_leftOut.Contains(each.Stream.Name));

    public override void LeaveOut(string stream) => _leftOut.Add(stream);

    public override IEnumerable<(string What, Func<CancellationToken, Task<string>> Try)> Checks(Checkpoint? checkpoint) =>
        [("token", ct => CheckTokenAsync(checkpoint, ct)), .. settings.Streams.Select(stream => (stream.Stream.Name, (Func<CancellationToken, Task<string>>)(ct => CheckStreamAsync(stream.Stream, ct))))];

    public override Task<Checkpoint> AnchorAsync(Start from, CancellationToken ct)
    {
        if (from.Ago > EventsApiSettings.Reach)
        {
            log.Warning("1Password gives the last {Days} days and no more: what is older cannot be had", EventsApiSettings.Reach.TotalDays);
        }

        return Task.FromResult(Checkpoint.At(Fingerprint, 0) with { Streams = settings.Streams.ToImmutableSortedDictionary(each => each.Stream.Name, _ => At(from), StringComparer.Ordinal) });
    }

    public override async IAsyncEnumerable<EventPage> PagesAsync(Checkpoint checkpoint, long? to, [EnumeratorCancellation] CancellationToken ct)
    {
        // A backfill has the streams it was asked for, and a stream that is new in the configuration begins as in a first run.
        var isBackfill = checkpoint.Streams.Values.Any(each => each.Until is not null);
        foreach (var (stream, _, _) in settings.Streams.Where(each => !isBackfill && !checkpoint.Streams.ContainsKey(each.Stream.Name)))
        {
            // Kept before anything is asked, as in a first run: if delivery fails for days, the position stays where it was.
            var position = At(start);
            checkpoint = checkpoint with { Streams = checkpoint.Streams.SetItem(stream.Name, position) };
            log.Warning("The {Stream:l} are new (start: {Start:l}): those after {Position:l} are collected from now on", stream.Words, start.Text, position.Text);
            yield return new EventPage(stream.Name, [], [], Position: position);
        }

        var streams = settings.Streams
            .Where(each => !isBackfill || checkpoint.Streams.ContainsKey(each.Stream.Name))
            .Where(each => !_leftOut.Contains(each.Stream.Name) && !IsPaused(each.Stream))
            .ToList();
        if (streams.Count == 0)
        {
            yield break;
        }

        var about = await OpenAsync(ct);
        RefuseOtherAccount(about, checkpoint);

        var readings = streams.Where(each => !IsWithoutRight(each.Stream, about)).Select(each =>
        {
            var pages = PagesAsync(each, checkpoint.Streams[each.Stream.Name], isBackfill, ct);
            return (pages, (Action<Failure>)(failure => _troubles.Add(each.Stream, failure)));
        });
        await foreach (var page in SideBySide.Of([.. readings], static page => page.Bytes, ct))
        {
            yield return page with { Source = about.Account is null ? null : Fingerprint + about.Account };
        }
    }

    public override ValueTask DisposeAsync()
    {
        _client?.Dispose();
        _large.Dispose();
        return ValueTask.CompletedTask;
    }

    async IAsyncEnumerable<EventPage> PagesAsync(
        StreamSettings each,
        StreamPosition position,
        bool isBackfill,
        [EnumeratorCancellation] CancellationToken ct)
    {
        var turn = _large.NewTurn();
        SeenEvents seen = isBackfill ? new SeenInMemory() : new SeenOnDisk(state, each.Stream.Name, time);
        var stream = new EventsApiStream(
            each,
            settings.Limit,
            (query, asked) => AskAsync(each.Stream, query, turn, asked),
            seen,
            time,
            log);
        try
        {
            await foreach (var page in stream.PagesAsync(position, ct))
            {
                yield return page;
            }
        }
        finally
        {
            turn.GiveBack();
        }
    }

    StreamPosition At(Start start)
    {
        var now = time.GetUtcNow();
        var from = start.Oldest || start.Ago > EventsApiSettings.Reach ? now - EventsApiSettings.Reach : now - (start.Ago ?? TimeSpan.Zero);
        return new StreamPosition(from, RereadAt: now);
    }

    async Task<Introspection> OpenAsync(CancellationToken ct)
    {
        var now = time.GetUtcNow();
        _token = EventsApiToken.Of(await token(ct), settings.Token.Place);
        _client?.Dispose();
        _client = new EventsApiClient(_token.Url(settings), _token.Value, settings.NoProxy, time, log);
        // A check says it in its own line, however often it is asked.
        if (obeyPause && _token.ExpiryNotice(now) is { } notice && memory.TellsExpiry(now))
        {
            log.Warning("{Notice:l}", notice);
        }

        return await _client.IntrospectAsync(ct);
    }

    async Task<(EventsApiPage? Page, EventsApiFailure? Failure)> AskAsync(
        EventStream stream,
        EventsApiQuery query,
        LargeAnswers.Turn turn,
        CancellationToken ct)
    {
        // The next page is asked for when the one before it is delivered, if that was large.
        turn.GiveBack();
        var (page, failure) = await _client!.ListAsync(stream, query, turn, ct);
        // A check by hand neither begins a pause nor makes one longer.
        if (failure?.Kind == EventsApiFailureKind.Refused && !obeyPause)
        {
            return (null, failure with { Advice = $"{failure.Advice} {stream.Feature}" });
        }

        if (failure?.Kind == EventsApiFailureKind.Refused)
        {
            var refusal = memory.RememberRefusal(stream, _began);
            var pause = !memory.IsKept ? "" : $". Not asked by itself before {refusal.Until:u}; opcollector check tries at once";
            return (null, failure with { Advice = $"{failure.Advice} {stream.Feature}{pause}" });
        }

        if (page is not null)
        {
            memory.ForgetRefusal(stream);
        }

        return (page, failure);
    }

    bool IsPaused(EventStream stream)
    {
        if (!obeyPause || memory.RefusalOf(stream, time.GetUtcNow()) is not { } refusal || refusal.Until <= time.GetUtcNow())
        {
            return false;
        }

        _troubles.Add(stream, new Failure(ExitCode.Refused, $"1Password refused the token at {refusal.At:u}; not asked before {refusal.Until:u}. Mend source.eventsApi.token (or its streams), then run opcollector check, which tries at once"));
        return true;
    }

    bool IsWithoutRight(EventStream stream, Introspection about)
    {
        if (about.Features?.Contains(stream.Feature) != false)
        {
            return false;
        }

        _troubles.Add(stream, WithoutRight(stream));
        return true;
    }

    static void RefuseOtherAccount(Introspection about, Checkpoint checkpoint)
    {
        if (about.Account is not null && checkpoint.Source != Fingerprint && checkpoint.Source != Fingerprint + about.Account)
        {
            throw new Failure(ExitCode.Configuration, $"The checkpoint belongs to the account {checkpoint.Source[Fingerprint.Length..]}, and the token opens {about.Account}; give each account its own state.directory");
        }
    }

    static Failure WithoutRight(EventStream stream) =>
        new(ExitCode.Refused, $"the token has no right to {stream.Feature}; issue one that has it, or leave \"{stream.Name}\" out of source.eventsApi.streams");

    async Task<string> CheckTokenAsync(Checkpoint? checkpoint, CancellationToken ct)
    {
        var about = await OpenAsync(ct);
        RefuseOtherAccount(about, checkpoint ?? Checkpoint.At(Fingerprint, 0));
        var notice = _token!.ExpiryNotice(time.GetUtcNow());
        return $"for {_client!.Url.Authority}{(about.Account is null ? "" : $", account {about.Account}")}{(about.Features is null ? "" : $", with the rights {string.Join(", ", about.Features)}")}{(notice is null ? "" : $". {notice}")}";
    }

    async Task<string> CheckStreamAsync(EventStream stream, CancellationToken ct)
    {
        var turn = _large.NewTurn();
        var (page, failure) = await AskAsync(stream, new EventsApiQuery(null, time.GetUtcNow() - TimeSpan.FromDays(1), null, 1), turn, ct);
        turn.GiveBack();
        return page is null ? throw failure!.ToFailure()
            : page.Events is [{ Time: { } happened }, ..] ? $"readable, with an event of {happened:u}"
            : "readable, nothing in the last day";
    }
}
