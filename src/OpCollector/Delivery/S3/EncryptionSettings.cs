using Amazon.S3;
using OpCollector.Configuration;

namespace OpCollector.Delivery.S3;

/// <summary>How the receiver encrypts objects where they lie, other than the bucket does by itself.</summary>
/// <param name="KeyId">A key of its key management; null for the receiver's own one.</param>
internal sealed record EncryptionSettings(ServerSideEncryptionMethod Method, string? KeyId)
{
    public static EncryptionSettings Read(ConfigurationMember encryption)
    {
        var method = encryption.AsObject().Get("method").AsOneOf("AES256", "aws:kms", "aws:kms:dsse");
        var keyId = encryption.Find("keyId");
        if (method == "AES256" && keyId is not null)
        {
            throw keyId.Wrong("goes with aws:kms and aws:kms:dsse alone");
        }

        encryption.RefuseOthers();
        return new EncryptionSettings(ServerSideEncryptionMethod.FindValue(method), keyId?.AsText());
    }
}
