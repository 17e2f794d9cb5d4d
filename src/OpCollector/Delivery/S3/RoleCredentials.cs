using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;

namespace OpCollector.Delivery.S3;

/// <summary>
/// The role of a profile (<c>role_arn</c>), taken on with the credentials that the profile names; again before they end. Amazon's library
/// has the same, and loads by its name what machine code does not.
/// </summary>
internal sealed class RoleCredentials(AssumeRoleAWSCredentials role, AWSCredentials source, AmazonS3Config config)
    : RefreshingAWSCredentials
{
    // What Amazon gives where nothing is asked for.
    const int UsualSeconds = 3600;

    protected override CredentialsRefreshState GenerateNewCredentials() =>
        throw new NotSupportedException("An object is put without blocking a thread");

    protected override async Task<CredentialsRefreshState> GenerateNewCredentialsAsync()
    {
        var region = config.RegionEndpoint ?? FallbackRegionFactory.GetRegionEndpoint() ?? RegionEndpoint.USEast1;
        using var service = new AmazonSecurityTokenServiceClient(source, region);
        var answer = await service.AssumeRoleAsync(new AssumeRoleRequest
        {
            RoleArn = role.RoleArn,
            RoleSessionName = role.RoleSessionName,
            ExternalId = role.Options.ExternalId,
            DurationSeconds = role.Options.DurationSeconds ?? UsualSeconds,
            SourceIdentity = role.Options.SourceIdentity,
        });
        var given = answer.Credentials;
        return new CredentialsRefreshState(
            new ImmutableCredentials(given.AccessKeyId, given.SecretAccessKey, given.SessionToken),
            // Without an end, new credentials are asked for each time.
            given.Expiration.GetValueOrDefault());
    }
}
