using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using OpCollector.Storage;

namespace OpCollector.Http;

/// <summary>The way to a server, TLS and proxy included: the only place where HTTP leaves the program.</summary>
internal sealed class HttpConnection : IDisposable
{
    const int MostRead = 4096;
    const int MostShown = 64 * 1024;
    const int MostDrained = 64 * 1024 * 1024;

    readonly HttpClient _http;
    readonly TimeSpan _timeout;
    readonly int _mostKept;
    readonly TimeProvider _time;

    /// <param name="timeout">For one attempt, from the connection to the last byte of the answer.</param>
    /// <param name="mostKept">An answer that is longer is read to its end, and kept to here.</param>
    /// <param name="proxy">The proxy on the way; one without an address where there is none.</param>
    /// <exception cref="Failure">A certificate or a key it needs is not there (78).</exception>
    public HttpConnection(TimeSpan timeout, int mostKept, TimeProvider time, WebProxy proxy, TlsSettings? tls = null)
    {
        (_timeout, _mostKept, _time) = (timeout, mostKept, time);
        _http = Client(CreateHandler(timeout, proxy, tls));
    }

    /// <summary>The way alone, for a library that speaks a protocol of its own on it; it gets no long answers.</summary>
    /// <exception cref="Failure">A certificate or a key it needs is not there (78).</exception>
    public static HttpClient ForLibrary(TimeSpan timeout, WebProxy proxy, TlsSettings? tls) =>
        Client(new ShortAnswers(CreateHandler(timeout, proxy, tls)));

    /// <summary>A header of every request from now on.</summary>
    public void AddHeader(string name, string value)
    {
        _http.DefaultRequestHeaders.Remove(name);
        _http.DefaultRequestHeaders.TryAddWithoutValidation(name, value);
    }

    /// <summary>Sends a request once.</summary>
    /// <param name="headers">Of this request alone.</param>
    /// <param name="turn">Taken before more than a large answer's beginning is read; null where all answers are kept small.</param>
    public async Task<Result<HttpAnswer, HttpFailure>> SendAsync(
        HttpMethod method,
        Uri url,
        HttpContent? content,
        IEnumerable<(string Name, string Value)> headers,
        CancellationToken ct,
        LargeAnswers.Turn? turn = null)
    {
        using var request = new HttpRequestMessage(method, url) { Content = content };
        foreach (var (name, value) in headers)
        {
            request.Headers.Remove(name);
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var limit = new CancellationTokenSource(_timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ct);
        try
        {
            return await ReceiveAsync(request, turn, limit, either.Token);
        }
        catch (Exception ex) when (FailureOf(ex, ct) is { } failure)
        {
            return failure with { IsUnsent = content is RequestBody { IsSent: false } };
        }
    }

    public void Dispose() => _http.Dispose();

    static SocketsHttpHandler CreateHandler(TimeSpan timeout, WebProxy proxy, TlsSettings? tls) => new()
    {
        // A followed redirect turns a POST into a GET without a body, and its 200 into a false acknowledgement.
        AllowAutoRedirect = false,
        UseCookies = false,
        // Else a handshake that stalls goes on behind a request that gave up, and the next attempt waits for that one.
        ConnectTimeout = timeout,
        // A library that asks first whether it may send a body waits a second for each that does not answer, and few answer.
        Expect100ContinueTimeout = TimeSpan.FromMilliseconds(1),
        Proxy = proxy,
        SslOptions = Tls(tls),
    };

    static HttpClient Client(HttpMessageHandler way)
    {
        var client = new HttpClient(way) { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("OpCollector", ProductVersion.Text));
        return client;
    }

    async Task<HttpAnswer> ReceiveAsync(
        HttpRequestMessage request,
        LargeAnswers.Turn? turn,
        CancellationTokenSource limit,
        CancellationToken ct)
    {
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
        RefuseTwoLengths(response.Content.Headers);
        // Read to its end: an answer that breaks off does not count, although its first line may say 200.
        var (body, isCut) = await ReadAsync(response.Content, turn, limit, ct);
        var (contentType, retryAfter) = (First(response.Content.Headers, "Content-Type"), First(response.Headers, "Retry-After"));
        return new HttpAnswer((int)response.StatusCode, contentType, retryAfter, body)
        {
            IsCut = isCut,
            RateLimit = (First(response.Headers, "RateLimit-Remaining"), First(response.Headers, "RateLimit-Reset")),
        };
    }

    /// <summary>Why there is no answer; null where the exception has another reason.</summary>
    HttpFailure? FailureOf(Exception exception, CancellationToken ct) => exception switch
    {
        HttpRequestException ex => Failed(ex.HttpRequestError, ex, (int?)ex.StatusCode),
        TooLargeException ex => new HttpFailure(HttpFailureKind.Connection, HttpRequestError.ResponseEnded, ex.Message),
        InvalidDataException => new HttpFailure(
            HttpFailureKind.Connection,
            HttpRequestError.InvalidResponse,
            "the answer is not what its Content-Length or its Content-Encoding says"),
        IOException ex => Failed(HttpRequestError.ResponseEnded, ex),
        OperationCanceledException when !ct.IsCancellationRequested => HttpFailure.FromTimeout(_timeout),
        _ => null,
    };

    static HttpFailure Failed(HttpRequestError error, Exception ex, int? proxyStatus = null) =>
        new(HttpError.KindOf(ex), error, HttpError.Describe(error, ex), proxyStatus);

    static SslClientAuthenticationOptions Tls(TlsSettings? tls)
    {
        var options = new SslClientAuthenticationOptions();
        if (tls?.Authorities is { } authorities)
        {
            options.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            options.CertificateChainPolicy.CustomTrustStore.AddRange(authorities.Load());
        }

        if (tls?.Client is { } client)
        {
            var (certificate, chain) = client.Load();
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

    // Nobody knows where such an answer ends, and whether what comes then is another one (RFC 9112, 6.3).
    static void RefuseTwoLengths(HttpContentHeaders headers)
    {
        if (headers.NonValidated.TryGetValues("Content-Length", out var lengths)
            && lengths.SelectMany(each => each.Split(',', StringSplitOptions.TrimEntries)).Distinct().Skip(1).Any())
        {
            throw new InvalidDataException();
        }
    }

    static string? First(HttpHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out var values) ? values.First() : null;

    async Task<(ReadOnlyMemory<byte> Body, bool IsCut)> ReadAsync(
        HttpContent content,
        LargeAnswers.Turn? turn,
        CancellationTokenSource limit,
        CancellationToken ct)
    {
        var announced = Math.Min(content.Headers.ContentLength ?? 0, _mostKept);
        await TakeTurnAsync(announced, turn, limit, ct);
        // At once as large as it will be, with room to find the end in: what grows is copied each time.
        var body = GC.AllocateUninitializedArray<byte>(MostRead + (int)announced);
        var (kept, drained, most) = (0, 0, _mostKept);
        await using var stream = PackedAnswers.Unpack(await content.ReadAsStreamAsync(ct), content.Headers);
        while (await stream.ReadAsync(body.AsMemory(kept), ct) is > 0 and var length)
        {
            var fitting = Math.Min(length, most - kept);
            (kept, drained) = (kept + fitting, drained + length - fitting);
            if (drained > 0 && kept > MostShown)
            {
                // Nobody can read half an answer, and a person reads its beginning.
                (body, kept, most) = (body[..MostShown], MostShown, MostShown);
                LargeMemory.Return(_mostKept);
            }

            if (drained > MostDrained)
            {
                throw new TooLargeException($"the answer has no end, and was given up after {BoundedFile.InWords(MostDrained)}");
            }

            if (body.Length - kept < MostRead)
            {
                await TakeTurnAsync(2L * body.Length, turn, limit, ct);
                Array.Resize(ref body, Math.Min(2 * body.Length, most + MostRead));
            }
        }

        PackedAnswers.RefuseUnreadable(content.Headers, kept);
        LargeMemory.Return(kept);
        return (body.AsMemory(0, kept), drained > 0);
    }

    // What an answer waits for its turn is not the server's time.
    async Task TakeTurnAsync(long bytes, LargeAnswers.Turn? turn, CancellationTokenSource limit, CancellationToken ct)
    {
        if (bytes > LargeMemory.Large && turn is not null)
        {
            limit.CancelAfter(Timeout.InfiniteTimeSpan);
            await turn.WaitAsync(ct);
            limit.CancelAfter(_timeout);
        }
    }
}
