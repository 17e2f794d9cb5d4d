using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.Runtime.Credentials;
using Amazon.RuntimeDependencies;
using Amazon.S3;
using Amazon.SecurityToken;

namespace OpCollector.Delivery.S3;

/// <summary>
/// Finds credentials as Amazon's tools do: the environment, a profile, a web identity, the role of a container or of the host.
/// </summary>
internal static class FoundCredentials
{
    const int LongestChain = 10;
    const string Browser =
        "signs in with a browser (SSO); let credential_process = aws configure export-credentials --profile NAME --format process do it";

    const string Person = "wants the code of a person (mfa_serial); name a role that a program alone may have";
    const string Incomplete = "has a role (role_arn) and not what goes with it: source_profile, or credential_source without external_id; complete it";
    const string Missing = "is in no file of Amazon's tools; write it into ~/.aws/credentials";

    /// <param name="profile">The name of the profile that counts.</param>
    /// <exception cref="Failure">There are none, or none that a program alone can have (78).</exception>
    public static async Task<AWSCredentials> FindAsync(AmazonS3Config config, string profile)
    {
        // Machine code loads no library by its name.
        GlobalRuntimeDependencyRegistry.Instance.RegisterSecurityTokenServiceClient(
            context => new AmazonSecurityTokenServiceClient(
                new AnonymousAWSCredentials(), context.SecurityTokenServiceClientContextData.Region));
        var profiles = new CredentialProfileStoreChain();
        try
        {
            // One that is named and has a role says itself where the keys for it come from, be it the environment.
            var isNamed = profile != SharedCredentialsFile.DefaultProfileName;
            return isNamed && profiles.TryGetProfile(profile, out var named) && named.Options.RoleArn is { Length: > 0 }
                ? ForRole(named, profiles, config)
                : Usable(await DefaultAWSCredentialsIdentityResolver.GetCredentialsAsync(config), config);
        }
        catch (Exception ex) when (ex is AmazonClientException or InvalidDataException or InvalidOperationException)
        {
            throw new Failure(
                ExitCode.Configuration,
                WhyNot(profiles, profile, LongestChain) is { } why
                    ? $"The AWS profile {ForeignText.Clean(profile)} gives no credentials for the bucket: it {why}, or set sink.credentials"
                    : "No credentials for the bucket: none in sink.credentials, in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, in a profile "
                        + "(AWS_PROFILE, ~/.aws/credentials), in a web identity, and no role of a container or of this host; set one of these",
                ex);
        }
    }

    static AWSCredentials ForRole(CredentialProfile named, CredentialProfileStoreChain profiles, AmazonS3Config config) =>
        named is { CanCreateAWSCredentials: true, Options.MfaSerial: null or "" }
            ? Usable(named.GetAWSCredentials(profiles), config)
            : throw new InvalidDataException();

    static AWSCredentials Usable(AWSCredentials found, AmazonS3Config config) => found is AssumeRoleAWSCredentials role
        ? new RoleCredentials(role, Usable(role.SourceCredentials, config), config)
        : found;

    // Amazon's library silently ignores a profile that it cannot use.
    static string? WhyNot(CredentialProfileStoreChain profiles, string name, int chain)
    {
        if (!profiles.TryGetProfile(name, out var profile))
        {
            return name == SharedCredentialsFile.DefaultProfileName ? null : Missing;
        }

        return profile.Options switch
        {
            { SsoStartUrl.Length: > 0 } or { SsoSession.Length: > 0 } => Browser,
            { MfaSerial.Length: > 0 } => Person,
            { RoleArn.Length: > 0, SourceProfile: { Length: > 0 } source }
                when chain > 0 && WhyNot(profiles, source, chain - 1) is Browser or Person =>
                $"rests on {ForeignText.Clean(source)}, which "
                    + WhyNot(profiles, source, chain - 1),
            { RoleArn.Length: > 0 } => Incomplete,
            _ => null,
        };
    }
}
