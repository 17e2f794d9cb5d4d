using OpCollector.Configuration;

namespace OpCollector.Http;

/// <summary>
/// Whom the program trusts over TLS, and with which certificate it proves who it is (<c>sink.tls</c>); files are read when needed.
/// </summary>
/// <param name="Authorities">The only authorities that are trusted; null for those of the host.</param>
/// <param name="Client">Our certificate with its key, and the intermediate ones behind it in its file.</param>
internal sealed record TlsSettings(
    AuthorityFile? Authorities,
    ClientCertificateFiles? Client,
    bool AllowInsecure)
{
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
            ca is null ? null : new AuthorityFile(ca),
            certificate is null ? null : new ClientCertificateFiles(certificate, key!),
            tls.Find("allowInsecure")?.AsBoolean() ?? false);
        if (settings.AllowInsecure && ca is not null)
        {
            throw tls.Wrong("\"ca\" says whom to trust and \"allowInsecure\" trusts everybody; remove one of them");
        }

        tls.RefuseOthers();
        return settings;
    }
}
