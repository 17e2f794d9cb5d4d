using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OpCollector.Sources;

namespace OpCollector.Tests.Support;

/// <summary>An https:// webhook whose certificate nobody has vouched for; it keeps every byte that was sent to it in the clear of TLS.</summary>
internal sealed class UntrustedReceiver : IDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource _stop = new();
    readonly X509Certificate2 _certificate = SelfSigned();
    readonly Task _accepting;
    int _received;

    public UntrustedReceiver()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Url => $"https://localhost:{((IPEndPoint)_listener.LocalEndpoint).Port}/hook";

    public int Connections { get; private set; }

    public int BytesReceived => Volatile.Read(ref _received);

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        _accepting.Wait(TimeSpan.FromSeconds(5));
        _certificate.Dispose();
        _stop.Dispose();
    }

    async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                Connections++;
                await ReadAsync(client);
            }
        }
        catch (Exception ex) when (ex is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    async Task ReadAsync(TcpClient client)
    {
        try
        {
            await using var tls = new SslStream(client.GetStream());
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _stop.Token);
            var buffer = new byte[4096];
            while (await tls.ReadAsync(buffer, _stop.Token) is > 0 and var length)
            {
                Interlocked.Add(ref _received, length);
            }
        }
        catch (Exception ex) when (ex is IOException or AuthenticationException)
        {
            // The program does not want to talk to us; that is what this is about.
        }
    }

    static X509Certificate2 SelfSigned()
    {
        using var key = RSA.Create(2048);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }
}
