using System.IO.Compression;
using System.Net.Http.Headers;
using OpCollector.Http;

namespace OpCollector.Delivery;

/// <summary>The way to a webhook: what becomes of a body on it, and what came back.</summary>
internal sealed class WebhookConnection(HttpConnection http, bool gzip) : IDisposable
{
    /// <summary>POSTs a body.</summary>
    public Task<WebhookReply> PostAsync(
        Uri url, ReadOnlyMemory<byte> body, string contentType, IEnumerable<(string Name, string Value)> headers, CancellationToken ct)
    {
        var content = new ReadOnlyMemoryContent(gzip ? Compress(body) : body);
        content.Headers.ContentType = new MediaTypeHeaderValue(contentType);
        if (gzip)
        {
            content.Headers.ContentEncoding.Add("gzip");
        }

        return SendAsync(HttpMethod.Post, url, content, headers, ct);
    }

    /// <summary>Asks for something, and delivers nothing.</summary>
    public Task<WebhookReply> AskAsync(HttpMethod method, Uri url, CancellationToken ct) => SendAsync(method, url, null, [], ct);

    public void Dispose() => http.Dispose();

    async Task<WebhookReply> SendAsync(
        HttpMethod method, Uri url, HttpContent? content, IEnumerable<(string Name, string Value)> headers, CancellationToken ct)
    {
        var reply = await http.SendAsync(method, url, content, headers, ct);
        return reply switch
        {
            { Answer: { } answer } => new WebhookReply(answer, null),
            { Failure.IsTimeout: true } => new WebhookReply(null, new Outcome(Verdict.Transient, $"{reply.Failure.Reason} (sink.timeout)")),
            { Failure: { } failure } =>
                new WebhookReply(null, Outcome.OfFailure(failure.Error, failure.Reason, failure.IsUntrusted, failure.ProxyStatus)),
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

/// <summary>What came back from a webhook: an answer that was read to its end, or what the failure to get one means.</summary>
internal sealed record WebhookReply(Answer? Answer, Outcome? Failure);
