using OpCollector.Delivery.Formats;
using Serilog;

namespace OpCollector.Delivery.Webhook;

/// <summary>Sends requests to a webhook: again and again where a failure may be temporary, or once to learn the answer.</summary>
internal sealed class Attempts : IDisposable
{
    // The least time that a receiver gets to answer a request of a search.
    static readonly TimeSpan ShortestProbe = TimeSpan.FromSeconds(5);

    readonly Uri _url;
    readonly Format _format;
    readonly Signer _signer;
    readonly WebhookConnection _connection;
    readonly string _sink;
    readonly TimeProvider _time;
    readonly SinkRetry _retry;

    /// <param name="sink">How the sink is called in messages.</param>
    /// <exception cref="Failure">A secret it needs is not there, or the format cannot be sent to the address (78).</exception>
    public Attempts(WebhookSettings settings, Uri url, Format format, string sink, TimeProvider time, ILogger log)
    {
        (_url, _format, _sink, _time, _retry) = (url, format, sink, time, new SinkRetry(sink, time, log));
        format.RefuseAddress(url);
        Size = new RequestSize(format);
        _signer = settings.Auth?.CreateSigner() ?? new NoSigner();
        _connection = settings.Connect(time);
    }

    public RequestSize Size { get; }

    /// <summary>Sends a batch, again and again where it may work the next time, as long as the run has time for it.</summary>
    public async Task<Attempt> TryAsync(Batch batch, RunLimits limits)
    {
        var attempt = new Attempt(batch);
        var budget = new TimeBudget(batch.HasOthersBehind ? limits.SharedRetryBudget : limits.RetryBudget, _time);
        // The attempt outlives a stop, its retries do not: a request in flight may have been accepted already.
        await _retry.TryAsync(
            async () =>
            {
                attempt = attempt.With(await PostAsync(attempt.Left, budget, limits, limits.Abandon));
                return attempt.Outcome!;
            },
            budget,
            limits.Stop);
        return attempt;
    }

    /// <summary>
    /// Sends a batch once, to learn what becomes of it. It leaves time for another one: a receiver that does not answer must not take
    /// all of the run.
    /// </summary>
    public async Task<Attempt> ProbeAsync(Batch batch, RunLimits limits)
    {
        var half = limits.RetryBudget / 2;
        var budget = new TimeBudget(half > ShortestProbe ? half : ShortestProbe, _time);
        using var enough = new CancellationTokenSource(budget.Length, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(enough.Token, limits.Abandon);
        var attempt = new Attempt(batch);
        try
        {
            return attempt.With(await PostAsync(batch, budget, limits, either.Token));
        }
        catch (OperationCanceledException) when (enough.IsCancellationRequested && !limits.Abandon.IsCancellationRequested)
        {
            return attempt.With(new DeliveryOutcome(
                Verdict.Transient,
                $"did not answer within {budget.Length.TotalSeconds:0} s, half of what the run has left",
                IsBlind: !_connection.HasSent));
        }
    }

    /// <summary>Sends again what the receiver has taken, to see whether it still takes things.</summary>
    public Task<Attempt> RepeatAsync(Batch taken, RunLimits limits) => ProbeAsync(taken.Again(Guid.NewGuid().ToString()), limits);

    /// <summary>Gives the receiver the time that it wants, unless that is most of what the run has.</summary>
    public Task PauseAsync(TimeSpan? wanted, RunLimits limits) =>
        wanted is { } pause && pause > TimeSpan.Zero && pause < limits.RetryBudget / 2
            ? Task.Delay(pause, _time, limits.Stop)
            : Task.CompletedTask;

    /// <summary>Sends a request without an event: the answer shows whether the receiver knows us. Null where a format has none.</summary>
    public async Task<DeliveryOutcome?> AskWithNothingAsync(RunLimits limits)
    {
        if (_format.Nothing is not { } nothing)
        {
            return null;
        }

        var headers = Headers(Guid.NewGuid().ToString("N"), nothing);
        var result = await _connection.PostAsync(_url, nothing, _format.ContentType, headers, limits.Abandon);
        return result.Succeeded(out var answer, out var failure) ? _format.Judge(answer, [], _time.GetUtcNow()) : failure;
    }

    /// <summary>Asks what can be known of the receiver without an event.</summary>
    public async Task<string> CheckAsync(CancellationToken ct)
    {
        var answers = new List<string>();
        await foreach (var outcome in _format.AskAsync(_connection, _url, ct))
        {
            answers.Add(outcome.Verdict == Verdict.Accepted
                ? outcome.What
                : throw new Failure(outcome.ExitCode, $"The sink {_sink} {outcome.What}"));
        }

        return string.Join(", ", answers);
    }

    public void Dispose() => _connection.Dispose();

    async Task<DeliveryOutcome> PostAsync(Batch batch, TimeBudget budget, RunLimits limits, CancellationToken abandon)
    {
        var body = _format.Body(batch);
        var result = await _connection.PostAsync(_url, body, _format.ContentType, Headers(batch.Id, body), abandon);
        if (!result.Succeeded(out var answer, out var failure))
        {
            return failure;
        }

        var outcome = _format.Judge(answer, batch.Events, _time.GetUtcNow());
        if (outcome.Verdict == Verdict.TooBig && batch.Events.Count > 1)
        {
            Size.Exceed(body.Length);
        }

        return outcome.Verdict == Verdict.Accepted
            ? await _format.ConfirmAsync(outcome, answer, _connection, _url, budget, limits)
            : outcome;
    }

    IEnumerable<(string Name, string Value)> Headers(string id, ReadOnlyMemory<byte> body) =>
        [.. _format.Headers, ("Idempotency-Key", id), .. _signer.Headers(id, body, _time.GetUtcNow())];
}
