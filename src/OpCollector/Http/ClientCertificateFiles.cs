using System.Security.Cryptography.X509Certificates;
using OpCollector.Configuration;

namespace OpCollector.Http;

/// <summary>Our certificate, the intermediate ones behind it in its file, and its key (<c>sink.tls.certificate</c>).</summary>
internal sealed class ClientCertificateFiles(ConfigurationMember certificate, ConfigurationMember key)
{
    /// <exception cref="Failure">A file cannot be read, others can read the key, or the two do not belong together (78).</exception>
    public (X509Certificate2 Certificate, X509Certificate2Collection Chain) Load()
    {
        Secret.RefuseTooOpen(key, key.AsPath());
        var chain = PemFile.Read(certificate, () =>
        {
            var read = new X509Certificate2Collection();
            read.ImportFromPem(PemFile.ReadText(certificate));
            return read;
        });
        return (PemFile.Read(key, () => X509Certificate2.CreateFromPem(PemFile.ReadText(certificate), PemFile.ReadText(key))), chain);
    }
}
