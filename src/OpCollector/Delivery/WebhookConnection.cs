using System.IO.Compression;
using System.Net.Http.Headers;
using OpCollector.Http;
using OpCollector.Http.OAuth2;

namespace OpCollector.Delivery;

/// <summary>The way to a webhook: what becomes of a body on it, and what came back.</summary>
/// <param name="tokens">Null where no token has to be asked for.</param>
internal sealed class WebhookConnection(HttpConnection http, ContentCoding coding, AccessTokens? tokens) : IDisposable
{
    /// <summary>POSTs a body.</summary>
    public Task<WebhookResult> PostAsync(
        Uri url, ReadOnlyMemory<byte> body, string contentType, IEnumerable<(string Name, string Value)> headers, CancellationToken ct)
    {
        var sent = coding == ContentCoding.Gzip ? Compress(body) : body;
        return SendAsync(HttpMethod.Post, url, () => Content(sent, contentType), headers, ct);
    }

    /// <summary>Asks for something, and delivers nothing.</summary>
    public Task<WebhookResult> AskAsync(HttpMethod method, Uri url, CancellationToken ct) => SendAsync(method, url, () => null, [], ct);

    public void Dispose()
    {
        http.Dispose();
        tokens?.Dispose();
    }

    async Task<WebhookResult> SendAsync(
        HttpMethod method, Uri url, Func<HttpContent?> content, IEnumerable<(string Name, string Value)> headers, CancellationToken ct)
    {
        while (tokens is not null)
        {
            var taken = await tokens.GetAsync(ct);
            if (taken.Token is not { } token)
            {
                return new WebhookResult(null, TokenOutcome.Judge(taken));
            }

            var result = await http.SendAsync(method, url, content(), [.. headers, ("Authorization", $"Bearer {token.Text}")], ct);
            if (!tokens.RenewsAfter(result.Answer?.Status))
            {
                return Told(result);
            }
        }

        return Told(await http.SendAsync(method, url, content(), headers, ct));
    }

    static WebhookResult Told(HttpResult result) => result switch
    {
        { Answer: { } answer } => new WebhookResult(answer, null),
        { Failure: { } failure } => new WebhookResult(null, DeliveryOutcome.OfFailure(failure)),
        _ => throw new InvalidOperationException("A reply without an answer and without a failure"),
    };

    ReadOnlyMemoryContent Content(ReadOnlyMemory<byte> body, string contentType)
    {
        var content = new ReadOnlyMemoryContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(contentType);
        if (coding == ContentCoding.Gzip)
        {
            content.Headers.ContentEncoding.Add("gzip");
        }

        return content;
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

/// <summary>How bodies are packed on the way (<c>sink.gzip</c>).</summary>
internal enum ContentCoding
{
    Identity,
    Gzip,
}

/// <summary>What came back from a webhook: an answer that was read to its end, or what the failure to get one means.</summary>
internal sealed record WebhookResult(HttpAnswer? Answer, DeliveryOutcome? Failure);
