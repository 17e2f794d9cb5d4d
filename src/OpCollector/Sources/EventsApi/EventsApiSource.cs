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
/// <param name="mostCalls">How many stretches of each stream a backfill reads at once.</param>
internal sealed class EventsApiSource(
    EventsApiSettings settings,
    StartingPoint start,
    TokenReader token,
    EventsApiMemory memory,
    StateStore state,
    int mostCalls,
    TimeProvider time,
    ILogger log) : Source
{
    readonly EventsApiConnection _connection = new(settings, token, memory, time, log);
    readonly StreamFailures _failures = new();
    readonly HashSet<string> _leftOut = [];
    readonly LargeAnswers _large = new();
    readonly DateTimeOffset _began = time.GetUtcNow();

    /// <summary>Counts every page that is read.</summary>
    public ReadCount ReadCount { get; init; } = new();

    public override NameDirectory Names { get; } = new NoNames();

    public override string? RetryReason => _connection.RetryReason;

    public override Failure? PartialFailure => _failures.Combined;

    StreamBeginnings Beginnings => new(settings, time, log);

    StreamAnswers Answers => new(memory, ReadCount, _began);

    public override bool HasManyStreams => settings.Streams.Count(each => !_leftOut.Contains(each.Stream.Name)) > 1;

    public override bool HasStreams => settings.Streams.Any(each => !_leftOut.Contains(each.Stream.Name));

    public override void LeaveOut(string stream) => _leftOut.Add(stream);

    public override IReadOnlyList<SourceCheck> Checks(Position? position)
    {
        var token = new TokenCheck(_connection, position?.Source ?? StreamPositions.AnyAccount);
        return [token, .. settings.Streams.Select(each => new StreamCheck(each.Stream, token, Answers, _large, time))];
    }

    public override Task<Position> BeginAsync(StartingPoint from, CancellationToken ct) =>
        Task.FromResult<Position>(Beginnings.First(from));

    public override Position WithAdded(Position position) => Beginnings.WithAdded((StreamPositions)position, start);

    public override Task<Position?> BackfillAsync(
        DateTimeOffset since, DateTimeOffset? until, string? stream, Position? cron, CancellationToken ct) =>
        Task.FromResult<Position?>(Beginnings.Between(since, until, stream, (StreamPositions?)cron));

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

        await using var admission = new Admission(await _connection.OpenAsync(ct), positions.Source, ct);
        var readings = streams.Select(each => (each.Stream, ReadAsync(each, positions.Streams[each.Stream.Name], admission, ct)));
        await foreach (var (stream, page) in SideBySide.Merge([.. readings], _failures, ct))
        {
            positions = (positions with { Source = await admission.SourceAsync() })
                .After(stream.Name, page.Position, page.News.Events.Any(each => each.Time is null), time.GetUtcNow());
            yield return new EventPage(stream.Name, page.News.Events, page.News.Malformed, positions) { Memory = page.Memory };
        }

        // Fails even if no stream had a page, when the token belongs to another account.
        await admission.SourceAsync();
    }

    public override ValueTask DisposeAsync()
    {
        _connection.Dispose();
        _large.Dispose();
        return ValueTask.CompletedTask;
    }

    async IAsyncEnumerable<StreamPage> ReadAsync(
        StreamSettings stream,
        StreamPosition position,
        Admission admission,
        [EnumeratorCancellation] CancellationToken ct)
    {
        using var calls = new StreamCalls(stream.Stream, admission, Answers, _large);
        var queries = new StreamQueries(settings.Limit, time);
        await using var ahead = new StretchesAhead(mostCalls, queries, calls);
        // A stream that is followed may be read again in any later run; a backfill is read once.
        var files = new SeenFiles(state, stream.Stream.Name);
        SeenEvents seen = position.IsBackfill ? new SeenInMemory() : new SeenOnDisk(files, position.Seen ?? files.Count(), time);
        var reading = new EventsApiStream(stream, queries, calls, seen, ahead, time, log);
        await foreach (var page in reading.PagesAsync(position, ct))
        {
            yield return page;
        }
    }

    bool IsPaused(EventStream stream)
    {
        if (memory.PauseOf(stream, time.GetUtcNow()) is not { } refusal)
        {
            return false;
        }

        _failures.Add(stream, new Failure(
            ExitCode.Refused,
            $"1Password refused the token at {refusal.At:u}; not asked before {refusal.Until:u}. Fix source.eventsApi.token (or its "
                + "streams), then run opcollector check, which tries at once"));
        return true;
    }
}
