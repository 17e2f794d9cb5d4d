using System.Security.Cryptography;
using System.Text;
using OpCollector.Configuration;
using OpCollector.Storage;

namespace OpCollector.Http;

/// <summary>Reads a file in PEM that a configuration names, and says in our words what is wrong with it.</summary>
internal static class PemFile
{
    // All authorities of the world are a fifth of that.
    const int MostBytes = 1024 * 1024;

    public static string ReadText(ConfigurationMember place) => Encoding.UTF8.GetString(BoundedFile.Read(place.AsPath(), MostBytes));

    /// <exception cref="Failure">It cannot be read, or is not PEM (78).</exception>
    public static T Read<T>(ConfigurationMember place, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            throw place.Wrong($"{place.AsPath()} cannot be read: {SystemError.Describe(ex, place.AsPath())}");
        }
        catch (Exception ex) when (ex is CryptographicException or ArgumentException)
        {
            throw place.Wrong(
                $"{place.AsPath()} cannot be read as PEM: it is damaged, or has a password, or certificate and key do not belong together");
        }
    }
}
