using System.Net.Http.Headers;
using System.Reflection;
using System.Security.Authentication;
using System.Text;
using OpCollector.Configuration;
using Polly;
using Polly.Retry;
using Serilog;

namespace OpCollector.Delivery;

/// <summary>POSTs batches to a webhook as JSON arrays: the only place where HTTP leaves the program.</summary>
internal sealed class WebhookSink : Sink
{
    const int MostEvents = 500;
    const int MostBytes = 900_000;
    const int AnswerRead = 16 * 1024;
    const int AnswerShown = 200;

    static readonly string Version = Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    static readonly ResiliencePropertyKey<Func<TimeSpan>> Remaining = new("remaining");

    readonly Uri _url;
    readonly TimeSpan _timeout;
    readonly HttpClient _http;
    readonly TimeProvider _time;
    readonly ILogger _log;

    // Made once: a pipeline validates its options by reflection, which takes longer than a request.
    readonly ResiliencePipeline<Outcome> _retry;

    /// <exception cref="Failure">A secret it needs is not there (78).</exception>
    public WebhookSink(WebhookSettings settings, TimeProvider time, ILogger log)
    {
        (_url, _timeout, _time, _log) = (settings.Url(), settings.Timeout, time, log);
        _retry = new ResiliencePipelineBuilder<Outcome> { TimeProvider = time }.AddRetry(Retry()).Build();
        _http = new HttpClient(new SocketsHttpHandler
        {
            // A followed redirect turns a POST into a GET without a body, and its 200 into a false acknowledgement.
            AllowAutoRedirect = false,
            UseCookies = false,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("OpCollector", Version));
        foreach (var (name, value) in settings.Headers)
        {
            AddHeader(name, value());
        }

        if (settings.Auth is { } auth)
        {
            AddHeader(auth.Header, auth.Value());
        }
    }

    // Not the path: with many receivers it is the secret.
    public override string Name => _url.GetLeftPart(UriPartial.Authority);

    public override async Task DeliverAsync(Batch batch, RunLimits limits)
    {
        foreach (var part in batch.Cut(MostEvents, MostBytes))
        {
            var (outcome, attempts) = await TryAsync(part, limits);
            if (outcome.Verdict != Verdict.Accepted)
            {
                var tried = outcome.MayRetry ? $" ({attempts} {(attempts == 1 ? "attempt" : "attempts")}); what is delivered is safe, the next run goes on" : "";
                throw new Failure(outcome.ExitCode, $"The sink {Name} {outcome.What}{tried}; it was sent the events {part.Events[0].Eid} to {part.Events[^1].Eid}");
            }
        }
    }

    public override async Task<string> CheckAsync(CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, _url);
        var outcome = await SendAsync(request, ct);
        return outcome.Status is { } status
            ? $"reachable (answered {status} to a HEAD request, which delivers nothing and proves no more)"
            : throw new Failure(outcome.ExitCode, $"The sink {Name} {outcome.What}");
    }

    public override void Dispose()
    {
        _http.Dispose();
        base.Dispose();
    }

    async Task<(Outcome Outcome, int Attempts)> TryAsync(Batch batch, RunLimits limits)
    {
        var body = Framing.Array(batch);
        var id = batch.Id;
        var attempts = 0;
        Outcome? last = null;
        var (began, budget) = (_time.GetTimestamp(), limits.RetryBudget);
        var context = ResilienceContextPool.Shared.Get(limits.Stop);
        context.Properties.Set(Remaining, () => budget - _time.GetElapsedTime(began));
        try
        {
            last = await _retry.ExecuteAsync(
                async _ =>
                {
                    attempts++;
                    // The attempt outlives a stop, its retries do not: a request in flight may have been accepted already.
                    return last = await PostAsync(body, id, limits.Abandon);
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

        return (last!, attempts);
    }

    async Task<Outcome> PostAsync(ReadOnlyMemory<byte> body, string id, CancellationToken ct)
    {
        using var content = new ReadOnlyMemoryContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, _url) { Content = content };
        request.Headers.Add("Idempotency-Key", id);
        return await SendAsync(request, ct);
    }

    async Task<Outcome> SendAsync(HttpRequestMessage request, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(_timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ct);
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            // Read to its end: an answer that breaks off is no acknowledgement, whatever its first line says.
            var answer = await ReadAsync(response.Content, either.Token);
            return Outcome.Of(
                (int)response.StatusCode,
                First(response.Content.Headers, "Content-Type"),
                First(response.Headers, "Retry-After"),
                answer,
                _time.GetUtcNow());
        }
        catch (HttpRequestException ex) when (ex.InnerException is AuthenticationException inner)
        {
            return new Outcome(Verdict.Misconfigured, $"is not trusted: {Redaction.OfForeign(inner.InnerException?.Message ?? inner.Message)}");
        }
        catch (HttpRequestException ex) when (ex.StatusCode is { } status)
        {
            // The proxy's answer to CONNECT.
            return Outcome.Of((int)status, contentType: null, retryAfter: null, "from the proxy", _time.GetUtcNow());
        }
        catch (HttpRequestException ex) when (ex.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError)
        {
            return new Outcome(Verdict.Transient, $"cannot be reached: {Redaction.OfForeign(ex.Message)}");
        }
        catch (Exception ex) when (ex is HttpRequestException or IOException)
        {
            return new Outcome(Verdict.Transient, $"broke off before its whole answer was there: {Redaction.OfForeign((ex.InnerException ?? ex).Message).TrimEnd('.')}");
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new Outcome(Verdict.Transient, $"did not answer within {_timeout.TotalSeconds:0} s (sink.timeout)");
        }
    }

    RetryStrategyOptions<Outcome> Retry() => new()
    {
        MaxRetryAttempts = int.MaxValue,
        ShouldHandle = args => ValueTask.FromResult(
            args.Outcome.Result is { MayRetry: true } outcome
            && args.Context.Properties.GetValue(Remaining, () => TimeSpan.Zero)() > (outcome.RetryAfter ?? TimeSpan.Zero)),
        DelayGenerator = args => ValueTask.FromResult<TimeSpan?>(
            Backoff.Delay(args.AttemptNumber, Random.Shared.NextDouble(), args.Outcome.Result!.RetryAfter)),
        OnRetry = args =>
        {
            _log.Information("The sink {Sink:l} {What:l}; trying again in {Delay:0.0} s", Name, args.Outcome.Result!.What, args.RetryDelay.TotalSeconds);
            return default;
        },
    };

    void AddHeader(string name, string value)
    {
        _http.DefaultRequestHeaders.Remove(name);
        _http.DefaultRequestHeaders.TryAddWithoutValidation(name, value);
    }

    static string? First(HttpHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out var values) ? values.First() : null;

    static async Task<string> ReadAsync(HttpContent content, CancellationToken ct)
    {
        var shown = new byte[AnswerRead];
        var rest = new byte[4096];
        await using var stream = await content.ReadAsStreamAsync(ct);
        var length = await stream.ReadAtLeastAsync(shown, AnswerRead, throwOnEndOfStream: false, ct);
        while (await stream.ReadAsync(rest, ct) > 0)
        {
            // Only the end matters.
        }

        var answer = Redaction.OfForeign(Encoding.UTF8.GetString(shown, 0, length));
        return answer.Length > AnswerShown ? answer[..AnswerShown] + "…" : answer;
    }
}
