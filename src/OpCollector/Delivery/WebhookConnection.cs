using System.IO.Compression;
using System.Net.Http.Headers;
using OpCollector.Http;

namespace OpCollector.Delivery;

/// <summary>The way to a webhook: what its settings make of a request, and what an attempt came to.</summary>
internal sealed class WebhookConnection : IDisposable
{
    // Of an answer in which every event is told of; what is longer is read to its end, and kept to here.
    const int MostKept = 8 * 1024 * 1024;

    readonly HttpConnection _http;
    readonly bool _gzip;

    /// <exception cref="Failure">A secret, a certificate or a key it needs is not there (78).</exception>
    public WebhookConnection(WebhookSettings settings, TimeProvider time)
    {
        _gzip = settings.Gzip;
        _http = new HttpConnection(settings.Timeout, MostKept, time, settings.Tls, settings.Proxy?.Invoke(), settings.NoProxy);
        foreach (var (name, value) in settings.Headers)
        {
            _http.AddHeader(name, value());
        }

        if (settings.Auth?.Header is { } header)
        {
            _http.AddHeader(header.Name, header.Value());
        }
    }

    /// <summary>POSTs a body and says what came of it; an answer that was read to its end is left to <paramref name="judge"/>.</summary>
    public Task<Outcome> PostAsync(Uri url, ReadOnlyMemory<byte> body, string contentType, IEnumerable<(string Name, string Value)> headers, Func<Answer, Outcome> judge, CancellationToken ct)
    {
        var content = new ReadOnlyMemoryContent(_gzip ? Compress(body) : body);
        content.Headers.ContentType = new MediaTypeHeaderValue(contentType);
        if (_gzip)
        {
            content.Headers.ContentEncoding.Add("gzip");
        }

        return SendAsync(HttpMethod.Post, url, content, headers, judge, ct);
    }

    /// <summary>Asks for something, and delivers nothing.</summary>
    public Task<Outcome> AskAsync(HttpMethod method, Uri url, Func<Answer, Outcome> judge, CancellationToken ct) =>
        SendAsync(method, url, null, [], judge, ct);

    public void Dispose() => _http.Dispose();

    async Task<Outcome> SendAsync(HttpMethod method, Uri url, HttpContent? content, IEnumerable<(string Name, string Value)> headers, Func<Answer, Outcome> judge, CancellationToken ct)
    {
        var reply = await _http.SendAsync(method, url, content, headers, ct);
        return reply switch
        {
            { Answer: { } answer } => judge(answer),
            { Failure.IsTimeout: true } => new Outcome(Verdict.Transient, $"{reply.Failure.Reason} (sink.timeout)"),
            { Failure: { } failure } => Outcome.OfFailure(failure.Error, failure.Reason, failure.IsUntrusted, failure.ProxyStatus),
            _ => throw new InvalidOperationException("A reply without an answer and without a failure"),
        };
    }

    static ReadOnlyMemory<byte> Compress(ReadOnlyMemory<byte> body)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
        {
            gzip.Write(body.Span);
        }

        return compressed.ToArray();
    }
}
