using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using OpCollector.Configuration;
using OpCollector.Events;
using OpCollector.Storage;

namespace OpCollector.Http;

/// <summary>
/// Whom the program trusts over TLS, and with which certificate it proves who it is (<c>sink.tls</c>); files are read when needed.
/// </summary>
/// <param name="Authorities">The only authorities that are trusted; null for those of the host.</param>
/// <param name="Client">Our certificate with its key, and the intermediate ones behind it in its file.</param>
internal sealed record TlsSettings(
    Func<X509Certificate2Collection>? Authorities,
    Func<(X509Certificate2 Certificate, X509Certificate2Collection Chain)>? Client,
    bool AllowInsecure)
{
    // All authorities of the world are a fifth of that.
    const int MostBytes = 1024 * 1024;

    public static TlsSettings Read(ConfigurationMember tls)
    {
        var (ca, certificate, key) = (tls.AsObject().Find("ca"), tls.Find("certificate"), tls.Find("key"));
        foreach (var path in new[] { ca, certificate, key })
        {
            path?.AsText();
        }

        if (certificate is null != key is null)
        {
            throw tls.Wrong("\"certificate\" and \"key\" go together");
        }

        var settings = new TlsSettings(
            ca is null ? null : () => ReadAuthorities(ca),
            certificate is null ? null : () => ReadClient(certificate, key!),
            tls.Find("allowInsecure")?.AsBoolean() ?? false);
        if (settings.AllowInsecure && ca is not null)
        {
            throw tls.Wrong("\"ca\" says whom to trust and \"allowInsecure\" trusts everybody; remove one of them");
        }

        tls.RefuseOthers();
        return settings;
    }

    static X509Certificate2Collection ReadAuthorities(ConfigurationMember ca)
    {
        var authorities = new X509Certificate2Collection();
        Read(ca, () => authorities.ImportFromPem(Pem(ca)));
        return authorities.Count > 0 ? authorities : throw ca.Wrong($"{ca.AsPath()} holds no certificate in PEM");
    }

    static (X509Certificate2 Certificate, X509Certificate2Collection Chain) ReadClient(
        ConfigurationMember certificate,
        ConfigurationMember key)
    {
        Secret.RefuseTooOpen(key, key.AsPath());
        var chain = new X509Certificate2Collection();
        Read(certificate, () => chain.ImportFromPem(Pem(certificate)));
        var own = (X509Certificate2?)null;
        Read(key, () => own = X509Certificate2.CreateFromPem(Pem(certificate), Pem(key)));
        return (own!, chain);
    }

    static string Pem(ConfigurationMember place) => Encoding.UTF8.GetString(BoundedFile.Read(place.AsPath(), MostBytes));

    static void Read(ConfigurationMember place, Action read)
    {
        try
        {
            read();
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            throw place.Wrong($"{place.AsPath()} cannot be read: {SystemError.Words(ex, place.AsPath())}");
        }
        catch (Exception ex) when (ex is CryptographicException or ArgumentException)
        {
            throw place.Wrong(
                $"{place.AsPath()} cannot be read as PEM: it is damaged, or has a password, or certificate and key do not belong together");
        }
    }
}
