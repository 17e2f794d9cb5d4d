using Amazon.Runtime;
using OpCollector.Configuration;

namespace OpCollector.Delivery.S3;

/// <summary>The keys of a configuration: Amazon's, or the HMAC keys of others who speak its language.</summary>
/// <param name="SessionToken">Only with keys that are good for a while.</param>
internal sealed record S3Credentials(string AccessKeyId, Secret SecretAccessKey, Secret? SessionToken)
{
    public static S3Credentials Read(ConfigurationMember credentials, EnvironmentVariables environment)
    {
        var id = credentials.AsObject().Get("accessKeyId");
        var settings = new S3Credentials(
            id.AsText().All(c => c is > ' ' and <= '~') ? id.AsText() : throw id.Wrong("holds what no id of a key has: a blank, or worse"),
            Secret.Locate(credentials.Get("secretAccessKey"), environment),
            credentials.Find("sessionToken") is { } token ? Secret.Locate(token, environment) : null);
        credentials.RefuseOthers();
        return settings;
    }

    /// <exception cref="Failure">A secret is not there (78).</exception>
    public AWSCredentials Reveal() => SessionToken is { } token
        ? new SessionAWSCredentials(AccessKeyId, SecretAccessKey.Reveal(), token.Reveal())
        : new BasicAWSCredentials(AccessKeyId, SecretAccessKey.Reveal());
}
