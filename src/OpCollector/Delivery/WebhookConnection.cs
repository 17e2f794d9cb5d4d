using System.IO.Compression;
using System.Net.Http.Headers;
using OpCollector.Http;
using OpCollector.Http.OAuth2;

namespace OpCollector.Delivery;

/// <summary>The way to a webhook: what becomes of a body on it, and what came back.</summary>
/// <param name="tokens">Null where no token has to be asked for.</param>
internal sealed class WebhookConnection(HttpConnection http, ContentCoding coding, AccessTokens? tokens) : IDisposable
{
    RequestBody? _last;

    /// <summary>Whether the receiver may have seen anything of the last body.</summary>
    public bool HasSent => _last is { IsSent: true };

    /// <summary>POSTs a body.</summary>
    public Task<Result<HttpAnswer, DeliveryOutcome>> PostAsync(
        Uri url, ReadOnlyMemory<byte> body, string contentType, IEnumerable<(string Name, string Value)> headers, CancellationToken ct)
    {
        var sent = coding == ContentCoding.Gzip ? Compress(body) : body;
        return SendAsync(HttpMethod.Post, url, () => Content(sent, contentType), headers, ct);
    }

    /// <summary>Asks for something, and delivers nothing.</summary>
    public Task<Result<HttpAnswer, DeliveryOutcome>> AskAsync(HttpMethod method, Uri url, CancellationToken ct) =>
        SendAsync(method, url, () => null, [], ct);

    public void Dispose()
    {
        http.Dispose();
        tokens?.Dispose();
        _last?.Dispose();
    }

    async Task<Result<HttpAnswer, DeliveryOutcome>> SendAsync(
        HttpMethod method, Uri url, Func<HttpContent?> content, IEnumerable<(string Name, string Value)> headers, CancellationToken ct)
    {
        while (tokens is not null)
        {
            var taken = await tokens.GetAsync(ct);
            if (taken.Token is not { } token)
            {
                return TokenOutcome.Judge(taken);
            }

            var result = await http.SendAsync(method, url, content(), [.. headers, ("Authorization", $"Bearer {token.Text}")], ct);
            int? status = result.Succeeded(out var answer, out _) ? answer.Status : null;
            if (!tokens.RenewsAfter(status))
            {
                return Judge(result);
            }
        }

        return Judge(await http.SendAsync(method, url, content(), headers, ct));
    }

    static Result<HttpAnswer, DeliveryOutcome> Judge(Result<HttpAnswer, HttpFailure> result) =>
        result.Succeeded(out var answer, out var failure) ? answer : DeliveryOutcome.FromFailure(failure);

    RequestBody Content(ReadOnlyMemory<byte> body, string contentType)
    {
        var content = _last = new RequestBody(body);
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
