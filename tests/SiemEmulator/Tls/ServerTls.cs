using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SiemEmulator.Tls;

/// <summary>The receiver's end of TLS, good or of a bad kind, and the files with which a client would trust it.</summary>
internal sealed class ServerTls : IDisposable
{
    const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    readonly TlsKind _kind;
    readonly Authority _authority = new("Emulated CA");
    readonly X509Certificate2 _certificate;

    public ServerTls(TlsKind kind)
    {
        _kind = kind;
        using var other = new Authority("Another CA");
        _certificate = kind switch
        {
            TlsKind.Expired => _authority.ForHost("localhost", -10, -1),
            TlsKind.NotYetValid => _authority.ForHost("localhost", 1, 10),
            TlsKind.WrongHost => _authority.ForHost("elsewhere.example"),
            TlsKind.SelfSigned => Authority.SelfSigned("localhost"),
            TlsKind.UnknownAuthority => other.ForHost("localhost"),
            _ => _authority.ForHost("localhost"),
        };

        Files = new TlsFiles(Directory.CreateTempSubdirectory("siem-tls-").FullName);
        File.WriteAllText(Files.Authority, _authority.Certificate.ExportCertificatePem());
        using var client = _authority.ForClient("collector");
        Write(client, Files.Client, Files.ClientKey);
        using var stranger = other.ForClient("stranger");
        Write(stranger, Files.Stranger, Files.StrangerKey);
    }

    public TlsFiles Files { get; }

    /// <summary>The stream that HTTP is spoken on.</summary>
    public async Task<Stream> AcceptAsync(Stream connection, CancellationToken stop)
    {
        if (_kind == TlsKind.PlainHttp)
        {
            return connection;
        }

        if (_kind == TlsKind.HandshakeStalls)
        {
            await Task.Delay(Timeout.Infinite, stop);
        }

        if (_kind == TlsKind.Old)
        {
            await OldHandshake.FailAsync(connection, stop);
        }

        var tls = new SslStream(connection);
        try
        {
            await tls.AuthenticateAsServerAsync(Options(), stop);
            return tls;
        }
        catch
        {
            await tls.DisposeAsync();
            throw;
        }
    }

    public void Dispose()
    {
        _certificate.Dispose();
        _authority.Dispose();
        Directory.Delete(Files.Directory, recursive: true);
    }

    static void Write(X509Certificate2 certificate, string path, string keyPath)
    {
        File.WriteAllText(path, certificate.ExportCertificatePem());
        using var key = certificate.GetECDsaPrivateKey()!;
        using var file = new FileStream(
            keyPath, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = Private });
        file.Write(System.Text.Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem()));
    }

    SslServerAuthenticationOptions Options() => new()
    {
        ServerCertificate = _certificate,
        ClientCertificateRequired = _kind == TlsKind.ClientCertificateRequired,
        RemoteCertificateValidationCallback = (_, certificate, _, _) => _kind != TlsKind.ClientCertificateRequired || IsOurs(certificate),
    };

    bool IsOurs(X509Certificate? certificate)
    {
        if (certificate is null)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(_authority.Certificate);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        using var shown = new X509Certificate2(certificate);
        return chain.Build(shown);
    }
}
