using System.Buffers;
using System.IO.Compression;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Reflection;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using OpCollector.Configuration;

namespace OpCollector.Delivery;

/// <summary>The way to a webhook, TLS and proxy included: the only place where HTTP leaves the program.</summary>
internal sealed class WebhookConnection : IDisposable
{
    // Of an answer in which every event is told of; what is longer is read to its end, and kept to here.
    const int MostKept = 8 * 1024 * 1024;

    static readonly string Version = Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    readonly HttpClient _http;
    readonly TimeSpan _timeout;
    readonly bool _gzip;
    readonly TimeProvider _time;

    /// <exception cref="Failure">A secret, a certificate or a key it needs is not there (78).</exception>
    public WebhookConnection(WebhookSettings settings, TimeProvider time)
    {
        (_timeout, _gzip, _time) = (settings.Timeout, settings.Gzip, time);
        _http = new HttpClient(new SocketsHttpHandler
        {
            // A followed redirect turns a POST into a GET without a body, and its 200 into a false acknowledgement.
            AllowAutoRedirect = false,
            UseCookies = false,
            // Else a handshake that stalls goes on behind a request that gave up, and the next attempt waits for that one.
            ConnectTimeout = settings.Timeout,
            Proxy = settings.Proxy?.Invoke(),
            SslOptions = Tls(settings.Tls),
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("OpCollector", Version));
        foreach (var (name, value) in settings.Headers)
        {
            AddHeader(name, value());
        }

        if (settings.Auth?.Header is { } header)
        {
            AddHeader(header.Name, header.Value());
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

        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = content };
        foreach (var (name, value) in headers)
        {
            request.Headers.Remove(name);
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return SendAsync(request, judge, ct);
    }

    /// <summary>Asks for nothing: whether there is a way at all.</summary>
    public Task<Outcome> HeadAsync(Uri url, Func<Answer, Outcome> judge, CancellationToken ct) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Head, url), judge, ct);

    public void Dispose() => _http.Dispose();

    async Task<Outcome> SendAsync(HttpRequestMessage request, Func<Answer, Outcome> judge, CancellationToken ct)
    {
        using var sent = request;
        using var limit = new CancellationTokenSource(_timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ct);
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            // Read to its end: an answer that breaks off is no acknowledgement, whatever its first line says.
            var body = await ReadAsync(response.Content, either.Token);
            return judge(new Answer((int)response.StatusCode, First(response.Content.Headers, "Content-Type"), First(response.Headers, "Retry-After"), body));
        }
        catch (HttpRequestException ex)
        {
            var inner = Causes(ex).FirstOrDefault(IsAboutTrust);
            return Outcome.OfFailure(ex.HttpRequestError, Words(inner?.InnerException ?? inner ?? (ex.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError ? ex : ex.InnerException ?? ex)), inner is not null, (int?)ex.StatusCode);
        }
        catch (IOException ex)
        {
            var inner = Causes(ex).FirstOrDefault(IsAboutTrust);
            return Outcome.OfFailure(HttpRequestError.ResponseEnded, Words(inner?.InnerException ?? ex), inner is not null);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new Outcome(Verdict.Transient, $"did not answer within {_timeout.TotalSeconds:0} s (sink.timeout)");
        }
    }

    static IEnumerable<Exception> Causes(Exception? ex)
    {
        for (; ex is not null; ex = ex.InnerException)
        {
            yield return ex;
        }
    }

    // A receiver that misses our certificate says so only after the handshake (TLS 1.3), in an alert.
    static bool IsAboutTrust(Exception ex) => ex is AuthenticationException || ex.InnerException?.Message.Contains("alert", StringComparison.Ordinal) == true;

    static string Words(Exception ex) => Redaction.OfForeign(ex.Message).TrimEnd('.');

    static SslClientAuthenticationOptions Tls(TlsSettings? tls)
    {
        var options = new SslClientAuthenticationOptions();
        if (tls?.Authorities is { } authorities)
        {
            options.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            options.CertificateChainPolicy.CustomTrustStore.AddRange(authorities());
        }

        if (tls?.Client is { } client)
        {
            var (certificate, chain) = client();
            options.ClientCertificateContext = SslStreamCertificateContext.Create(certificate, chain, offline: true);
        }

        if (tls?.AllowInsecure == true)
        {
#pragma warning disable CA5359 // what the setting is there for; every run warns of it
            options.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        }

        return options;
    }

    void AddHeader(string name, string value)
    {
        _http.DefaultRequestHeaders.Remove(name);
        _http.DefaultRequestHeaders.TryAddWithoutValidation(name, value);
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

    static string? First(HttpHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out var values) ? values.First() : null;

    static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpContent content, CancellationToken ct)
    {
        var body = new ArrayBufferWriter<byte>(4096);
        await using var stream = await content.ReadAsStreamAsync(ct);
        while (await stream.ReadAsync(body.GetMemory(4096), ct) is > 0 and var length)
        {
            if (body.WrittenCount < MostKept)
            {
                body.Advance(length);
            }
        }

        return body.WrittenMemory;
    }
}
