using System.Security.Cryptography;

namespace OpCollector.Tests.Support;

/// <summary>
/// A key as Google issues it to a service account: one for all specs, because each key takes a tenth of a second, and as long again to be
/// looked for in whatever a server answers.
/// </summary>
internal static class GoogleKey
{
    static readonly RSA Rsa = RSA.Create(2048);

    public static string Pem { get; } = Rsa.ExportPkcs8PrivateKeyPem();

    public static bool Signed(byte[] text, byte[] signature)
    {
        lock (Rsa)
        {
            return Rsa.VerifyData(text, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }
    }
}
