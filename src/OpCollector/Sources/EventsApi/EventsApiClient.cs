using System.Net.Http.Headers;
using OpCollector.Events;
using OpCollector.Http;
using Serilog;

namespace OpCollector.Sources.EventsApi;

/// <summary>Asks the Events API: at a pace it allows, again where that may help, and with what its answers mean for us.</summary>
internal sealed class EventsApiClient : IDisposable
{
    const int MostRetries = 3;

    static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    // Longer than that is the next run's business.
    static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);

    readonly HttpConnection _http;
    readonly RequestPace _pace = new();
    readonly TimeProvider _time;
    readonly ILogger _log;

    public EventsApiClient(Uri url, string token, EnvironmentProxy proxy, TimeProvider time, ILogger log)
    {
        (Url, _time, _log) = (url, time, log);
        _http = new HttpConnection(Timeout, EventsApiPage.MostBytes, time, proxy.ForRemote(url));
        _http.AddHeader("Authorization", $"Bearer {token}");
    }

    /// <summary>The host that is asked.</summary>
    public Uri Url { get; }

    /// <summary>Why something was asked again last; null where nothing was.</summary>
    public string? RetryReason { get; private set; }

    /// <summary>Asks for a page of a stream.</summary>
    /// <param name="turn">The stream's turn to hold a large answer.</param>
    /// <exception cref="Failure">The API reports success, but its answer is not a page (65).</exception>
    public async Task<Result<EventsApiPage, EventsApiFailure>> ListAsync(
        EventStream stream,
        EventsApiQuery query,
        LargeAnswers.Turn turn,
        CancellationToken ct)
    {
        var body = query.ToJson();
        var result = await SendAsync(HttpMethod.Post, $"api/v2/{stream.Feature}", body, turn, ct);
        if (!result.Succeeded(out var answer, out var failure))
        {
            return failure;
        }

        try
        {
            return EventsApiPage.Parse(answer.Body);
        }
        catch (NoJsonException ex)
        {
            throw new Failure(
                ExitCode.SourceData,
                $"the answer of 1Password is not a page of events ({ex.Message}, {answer.Body.Length} "
                    + $"bytes{(answer.Body.Length <= ForeignText.Most ? $": {ForeignText.Clean(answer.Body.Span)}" : "")}); nothing is "
                    + "skipped, the next run asks again",
                ex);
        }
    }

    /// <summary>What the token is good for; nothing where the API does not say: the streams themselves will.</summary>
    public async Task<Introspection> IntrospectAsync(CancellationToken ct)
    {
        var result = await SendAsync(HttpMethod.Get, "api/v2/auth/introspect", null, null, ct);
        if (!result.Succeeded(out var answer, out var failure))
        {
            _log.Debug("The token cannot be looked into: {Reason:l}", failure.Text);
            return Introspection.Nothing;
        }

        return Introspection.Parse(answer.Body);
    }

    public void Dispose() => _http.Dispose();

    async Task<Result<HttpAnswer, EventsApiFailure>> SendAsync(
        HttpMethod method,
        string path,
        ReadOnlyMemory<byte>? body,
        LargeAnswers.Turn? turn,
        CancellationToken ct)
    {
        for (var retries = 0; ; retries++)
        {
            await KeepPaceAsync(ct);
            var result = Judge(await _http.SendAsync(method, new Uri(Url, path), Content(body), [], ct, turn));
            if (result.Succeeded(out _, out var failure) || retries == MostRetries || !MayRetry(failure, retries))
            {
                return result;
            }

            var delay = Backoff.Delay(retries, Random.Shared.NextDouble(), failure.Wait);
            RetryReason = failure.Text;
            _log.Information("{Reason:l}; trying again in {Delay:0.0} s", RetryReason, delay.TotalSeconds);
            await Task.Delay(delay, _time, ct);
        }
    }

    async Task KeepPaceAsync(CancellationToken ct)
    {
        var wait = _pace.Book(_time.GetUtcNow());
        if (wait > TimeSpan.Zero)
        {
            _log.Debug("Waiting {Seconds:0.0} s, to stay below what 1Password allows", wait.TotalSeconds);
            await Task.Delay(wait, _time, ct);
        }
    }

    // What takes too long takes all of the run: after a second attempt fewer events are asked for.
    static bool MayRetry(EventsApiFailure failure, int attempt) =>
        !(failure.Wait > LongestWait)
        && (failure.Kind is EventsApiFailureKind.Retry or EventsApiFailureKind.Throttled
            || (failure.Kind == EventsApiFailureKind.TooSlow && attempt == 0));

    Result<HttpAnswer, EventsApiFailure> Judge(Result<HttpAnswer, HttpFailure> result)
    {
        var now = _time.GetUtcNow();
        if (!result.Succeeded(out var answer, out var unanswered))
        {
            return EventsApiFailure.Classify(unanswered);
        }

        var failure = EventsApiFailure.Classify(answer, now);
        // The other streams are meant too.
        if ((failure?.Wait ?? EventsApiFailure.UsedUp(answer)) is { } wait && wait <= LongestWait)
        {
            _pace.Hold(now + wait);
        }

        return failure is null ? answer : failure;
    }

    static ReadOnlyMemoryContent? Content(ReadOnlyMemory<byte>? body)
    {
        if (body is not { } bytes)
        {
            return null;
        }

        var content = new ReadOnlyMemoryContent(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }
}
