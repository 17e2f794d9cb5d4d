using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using SiemEmulator;

namespace OpCollector.Tests.Support;

/// <summary>Sends one request to an emulated receiver as a program might, or as none should.</summary>
internal static class Sender
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <param name="headers">Such as <c>X-Key: value</c>; a Content-Type of application/json is the default.</param>
    public static Task<(int Status, string Text)> PostAsync(Siem siem, string body, params string[] headers) =>
        PostAsync(siem, Encoding.UTF8.GetBytes(body), headers);

    public static Task<(int Status, string Text)> PostAsync(Siem siem, byte[] body, params string[] headers) =>
        SendAsync(new Uri(siem.Url), new ByteArrayContent(body), headers);

    public static async Task<(int Status, string Text)> SendAsync(Uri url, HttpContent body, params string[] headers)
    {
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        using var client = new HttpClient(handler) { Timeout = Patience };
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = body };
        body.Headers.ContentType ??= new MediaTypeHeaderValue("application/json");
        foreach (var header in headers.Select(header => header.Split(": ", 2)))
        {
            if (header[0].StartsWith("Content-", StringComparison.Ordinal))
            {
                body.Headers.Remove(header[0]);
                body.Headers.TryAddWithoutValidation(header[0], header[1]);
            }
            else
            {
                request.Headers.TryAddWithoutValidation(header[0], header[1]);
            }
        }

        using var response = await client.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Sends these bytes and reads to the end of the connection, which is an exception if it is none in order.</summary>
    public static async Task<string> RawAsync(Siem siem, string request)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var client = await ConnectAsync(siem);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(request), patience.Token);
        using var answer = new MemoryStream();
        await stream.CopyToAsync(answer, patience.Token);
        return Encoding.UTF8.GetString(answer.ToArray());
    }

    public static async Task<TcpClient> ConnectAsync(Siem siem)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, new Uri(siem.Url).Port);
        return client;
    }

    /// <summary>A whole request in bytes, after which the connection ends.</summary>
    public static string Request(Siem siem, string body) =>
        $"POST {new Uri(siem.Url).AbsolutePath} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n{body}";

    /// <summary>Over TLS, trusting the receiver's authority alone, and showing this certificate.</summary>
    public static async Task<int> SecurelyAsync(Siem siem, string? certificate = null, string? key = null)
    {
        using var authority = X509CertificateLoader.LoadCertificateFromFile(siem.Tls.Authority);
        using var own = certificate is null ? null : X509Certificate2.CreateFromPemFile(certificate, key);
        using var handler = new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(2) };
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { authority },
            RevocationMode = X509RevocationMode.NoCheck,
        };
        handler.SslOptions.ClientCertificates = own is null ? [] : [own];
        using var client = new HttpClient(handler) { Timeout = Patience };
        using var body = new StringContent("""[{"eid":1}]""", Encoding.UTF8, "application/json");
        using var response = await client.PostAsync(new Uri(siem.Url), body);
        return (int)response.StatusCode;
    }
}
