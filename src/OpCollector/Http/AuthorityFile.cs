using System.Security.Cryptography.X509Certificates;
using OpCollector.Configuration;

namespace OpCollector.Http;

/// <summary>The authorities that are trusted instead of the host's (<c>sink.tls.ca</c>).</summary>
internal sealed class AuthorityFile(ConfigurationMember place)
{
    /// <exception cref="Failure">The file cannot be read, or holds no certificate (78).</exception>
    public X509Certificate2Collection Load()
    {
        var authorities = PemFile.Read(place, () =>
        {
            var read = new X509Certificate2Collection();
            read.ImportFromPem(PemFile.ReadText(place));
            return read;
        });
        return authorities.Count > 0 ? authorities : throw place.Wrong($"{place.AsPath()} holds no certificate in PEM");
    }
}
