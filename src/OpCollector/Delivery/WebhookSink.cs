using System.Security.Cryptography;
using System.Text;
using OpCollector.Events;
using OpCollector.Http;
using Polly;
using Polly.Retry;
using Serilog;

namespace OpCollector.Delivery;

/// <summary>
/// POSTs batches to a webhook until the receiver has every event, or has said which ones it will never take: what is too much
/// is halved, what is rejected is bisected down to the events that are to blame.
/// </summary>
internal sealed class WebhookSink : Sink
{
    static readonly ResiliencePropertyKey<Func<TimeSpan>> Remaining = new("remaining");

    static readonly ResiliencePropertyKey<Parts> Sent = new("sent");

    readonly Uri _url;
    readonly Format _format;
    readonly Framing _framing;
    readonly int? _mostEventBytes;
    readonly Signer _signer;
    readonly WebhookConnection _connection;
    readonly HecAcknowledgement? _acknowledgement;
    readonly TimeProvider _time;
    readonly ILogger _log;

    // Made once: a pipeline validates its options by reflection, which takes longer than a request.
    readonly ResiliencePipeline<Outcome> _retry;

    // What the receiver takes, once it has said that something was too much for it.
    int _mostBytes;

    /// <exception cref="Failure">A secret it needs is not there (78).</exception>
    public WebhookSink(WebhookSettings settings, TimeProvider time, ILogger log)
    {
        (_url, _time, _log) = (settings.Url(), time, log);
        _format = Format.Of(settings);
        _framing = new Framing(_format, settings.Format);
        (_mostBytes, _mostEventBytes) = (_format.MostBytes, settings.Limits.EventBytes);
        _retry = new ResiliencePipelineBuilder<Outcome> { TimeProvider = time }.AddRetry(Retry()).Build();
        _signer = new Signer(settings.Auth);
        _connection = new WebhookConnection(settings, time);
        _acknowledgement = _format.IsAcknowledged ? new HecAcknowledgement(_connection, HecAcknowledgement.Url(_url), time) : null;
        Fingerprint = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{_url} {_format.Name} {settings.Auth?.Kind}")).AsSpan(0, 16));
        if (settings.Tls?.AllowInsecure == true)
        {
            log.Warning("sink.tls.allowInsecure is on: whoever stands between here and {Sink:l} can read the events and swallow them", Name);
        }
    }

    // Not the path: with many receivers it is the secret.
    public override string Name => _url.GetLeftPart(UriPartial.Authority);

    public override string Fingerprint { get; }

    public override async Task<Receipt> DeliverAsync(Batch batch, RunLimits limits)
    {
        var refused = new List<RefusedEvent>();
        var parts = new Parts(batch, _framing.Cut(Sendable(batch, refused), _mostBytes));
        while (parts.Next() is { } part)
        {
            var (outcome, left, attempts) = await TryAsync(part, parts, refused, limits);
            switch (outcome.Verdict)
            {
                case Verdict.Accepted:
                    break;
                case Verdict.PartlyAccepted:
                    parts.Return(left);
                    break;
                case Verdict.TooBig or Verdict.Rejected when left.Events.Count == 1:
                    refused.Add(RefusedEvent.Of(left.Events[0], outcome));
                    break;
                case Verdict.TooBig:
                    parts.Halve(Saying(outcome, left));
                    break;
                case Verdict.Rejected:
                    parts.Divide(Saying(outcome, left));
                    break;
                case var _ when !parts.MayBlame(outcome):
                    throw Stopped(outcome, left, outcome.After(attempts));
                case var _ when !parts.TryBlame(Saying(outcome, left), outcome):
                    throw TakesNothing(parts.First!);
            }
        }

        await JudgeAsync(parts, refused, limits);
        return new Receipt(batch.Events.Count - refused.Count, refused);
    }

    public override async Task<string> CheckAsync(CancellationToken ct)
    {
        var answers = new List<string>();
        foreach (var probe in _format.Probes.Where(probe => probe.Place(_url) is not null))
        {
            var url = probe.Place(_url)!;
            var outcome = probe.Body is { } body
                ? await _connection.PostAsync(url, Encoding.UTF8.GetBytes(body(_url)), "application/json", _acknowledgement is null ? [] : [_acknowledgement.Channel], probe.Judge, ct)
                : await _connection.AskAsync(HttpMethod.Get, url, probe.Judge, ct);
            answers.Add(Known(outcome));
        }

        return answers.Count > 0 ? string.Join(", ", answers) : Known(await _connection.AskAsync(HttpMethod.Head, _url, Probe.OfHead, ct));
    }

    public override void Dispose()
    {
        _connection.Dispose();
        base.Dispose();
    }

    string Known(Outcome outcome) => outcome.Verdict == Verdict.Accepted ? outcome.What : throw new Failure(outcome.ExitCode, $"The sink {Name} {outcome.What}");

    // What was refused all by itself is to blame where others were taken, and asked once more where it may have been the moment.
    async Task JudgeAsync(Parts parts, List<RefusedEvent> refused, RunLimits limits)
    {
        foreach (var (alone, first) in parts.Suspects)
        {
            if (!parts.HasTaken)
            {
                throw TakesNothing(parts.First!);
            }

            var (outcome, left, attempts) = first.MayRetry ? await TryAsync(alone, parts, refused, limits) : (first, alone, 1);
            if (outcome.IsAboutEvents || parts.MayBlame(outcome))
            {
                refused.Add(RefusedEvent.Of(left.Events[0], outcome));
            }
            else if (outcome.Verdict is not (Verdict.Accepted or Verdict.PartlyAccepted))
            {
                throw Stopped(outcome, left, outcome.After(attempts));
            }
        }
    }

    Batch Saying(Outcome outcome, Batch left)
    {
        _log.Debug("The sink {Sink:l} {What:l}; trying with less than these {Count} events", Name, outcome.What, left.Events.Count);
        return left;
    }

    Failure TakesNothing(Parts.Suspect first) => Stopped(first.Outcome, first.Batch, ", and takes none of the events alone either; nothing is put aside");

    Failure Stopped(Outcome outcome, Batch left, string tried) =>
        new(outcome.ExitCode, $"The sink {Name} {outcome.What}{tried}; it was sent the events {left.Events[0].Id} to {left.Events[^1].Id}");

    // What the receiver would cut short without a word is never sent.
    Batch Sendable(Batch batch, List<RefusedEvent> refused)
    {
        if (_mostEventBytes is not { } most || batch.Events.All(each => each.Bytes.Length <= most))
        {
            return batch;
        }

        refused.AddRange(batch.Events.Where(each => each.Bytes.Length > most)
            .Select(each => new RefusedEvent(each, Verdict.TooBig, $"takes events of {most} bytes (sink.limits.eventBytes), and this one has {each.Bytes.Length}")));
        return batch with { Events = [.. batch.Events.Where(each => each.Bytes.Length <= most)] };
    }

    /// <returns>The last outcome, and what of the batch it is about: what is not delivered and not refused yet.</returns>
    async Task<(Outcome Outcome, Batch Left, int Attempts)> TryAsync(Batch batch, Parts parts, List<RefusedEvent> refused, RunLimits limits)
    {
        var (left, refusedBefore) = (batch, refused.Count);
        var attempts = 0;
        Outcome? last = null;
        var (began, budget) = (_time.GetTimestamp(), limits.RetryBudget);
        TimeSpan Rest() => budget - _time.GetElapsedTime(began);
        var context = ResilienceContextPool.Shared.Get(limits.Stop);
        context.Properties.Set(Remaining, Rest);
        context.Properties.Set(Sent, parts);
        try
        {
            last = await _retry.ExecuteAsync(
                async _ =>
                {
                    attempts++;
                    // The attempt outlives a stop, its retries do not: a request in flight may have been accepted already.
                    last = await PostAsync(left, Rest, limits);
                    if (last.Partial is { } partial)
                    {
                        refused.AddRange(partial.Refused);
                        left = left with { Events = partial.Left };
                    }

                    return last;
                },
                context);
        }
        catch (OperationCanceledException) when (last is not null)
        {
            // The wait for the next attempt ended with the run.
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }

        parts.Took(batch.Events.Count - (refused.Count - refusedBefore) - (last!.Verdict == Verdict.Accepted ? 0 : left.Events.Count));
        return (last, left, attempts);
    }

    async Task<Outcome> PostAsync(Batch batch, Func<TimeSpan> rest, RunLimits limits)
    {
        var (body, id) = (_framing.Body(batch), batch.Id);
        var headers = _signer.Headers(id, body, _time.GetUtcNow()).Prepend(("Idempotency-Key", id));
        HecAnswer? hec = null;
        var outcome = await _connection.PostAsync(
            _url,
            body,
            _format.ContentType,
            _acknowledgement is null ? headers : headers.Prepend(_acknowledgement.Channel),
            answer =>
            {
                hec = _acknowledgement is null ? null : HecAnswer.Read(answer.Body);
                return Outcome.Of(answer, _format, batch.Events, [.. batch.Events.Select(_framing.IdOf)], _time.GetUtcNow());
            },
            limits.Abandon);
        if (outcome.Verdict == Verdict.TooBig && batch.Events.Count > 1)
        {
            _mostBytes = Math.Min(_mostBytes, body.Length / 2);
        }

        return outcome.Verdict == Verdict.Accepted && _acknowledgement is not null
            ? await _acknowledgement.WaitAsync(outcome, hec, rest, limits)
            : outcome;
    }

    RetryStrategyOptions<Outcome> Retry() => new()
    {
        MaxRetryAttempts = int.MaxValue,
        ShouldHandle = args => ValueTask.FromResult(
            args.Outcome.Result is { MayRetry: true } outcome
            && args.Context.Properties.TryGetValue(Sent, out var parts) && !parts.MayBlame(outcome)
            && args.Context.Properties.GetValue(Remaining, () => TimeSpan.Zero)() > (outcome.RetryAfter ?? TimeSpan.Zero)),
        DelayGenerator = args => ValueTask.FromResult<TimeSpan?>(
            Backoff.Delay(args.AttemptNumber, Random.Shared.NextDouble(), args.Outcome.Result!.RetryAfter)),
        OnRetry = args =>
        {
            _log.Information("The sink {Sink:l} {What:l}; trying again in {Delay:0.0} s", Name, args.Outcome.Result!.What, args.RetryDelay.TotalSeconds);
            return default;
        },
    };
}
