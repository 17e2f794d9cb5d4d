using System.Net;
using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.S3;
using OpCollector.Configuration;
using OpCollector.Http;

namespace OpCollector.Delivery.S3;

/// <summary>A bucket to put objects into, the way there, and who we are. Of secrets it knows only the places.</summary>
/// <param name="Prefix">What the keys of all objects begin with.</param>
/// <param name="Endpoint">Where the bucket is, if not with Amazon; null for Amazon.</param>
/// <param name="IsPathStyle">Whether the bucket is in the path of an address, and not in the host.</param>
/// <param name="Credentials">Null for those that Amazon's tools find by themselves.</param>
/// <param name="Proxy">Null where the environment decides.</param>
internal sealed record S3Settings(
    string Bucket,
    string Region,
    string Prefix,
    ServerAddress? Endpoint,
    bool IsPathStyle,
    S3Credentials? Credentials,
    EncryptionSettings? Encryption,
    TimeSpan Timeout,
    TlsSettings? Tls,
    ProxyAddress? Proxy)
{
    // A key has 1,024 bytes at most, and the rest of it is less than half.
    const int LongestPrefix = 500;

    // A bucket has 63 characters at most; the name of an access point, with its account and its region, some more.
    const int LongestName = 255;

    static readonly TimeSpan UsualTimeout = TimeSpan.FromSeconds(30);

    /// <summary>The hosts that no proxy of the environment is asked for.</summary>
    public NoProxy NoProxy { get; init; } = NoProxy.None;

    /// <summary>The profile of Amazon's tools that counts where nothing else gives credentials.</summary>
    public string Profile { get; init; } = SharedCredentialsFile.DefaultProfileName;

    public static S3Settings Read(ConfigurationMember sink, EnvironmentVariables environment)
    {
        var http = new PlainHttp("sink.allowInsecureHttp", sink.Find("allowInsecureHttp")?.AsBoolean() ?? false);
        return new S3Settings(
            Name(sink.Get("bucket"), "._:/-"),
            Name(sink.Get("region"), "-"),
            sink.Find("prefix") is { } prefix ? PrefixFrom(prefix) : "",
            sink.Find("endpoint") is { } endpoint ? ServerAddress.Read(endpoint, environment, http) : null,
            sink.Find("pathStyle")?.AsBoolean() ?? false,
            sink.Find("credentials") is { } credentials ? S3Credentials.Read(credentials, environment) : null,
            sink.Find("encryption") is { } encryption ? EncryptionSettings.Read(encryption) : null,
            sink.Find("timeout")?.AsTimeLimit() ?? UsualTimeout,
            sink.Find("tls") is { } tls ? TlsSettings.Read(tls) : null,
            sink.Find("proxy") is { } proxy ? ProxyAddress.Read(proxy, environment) : null)
        {
            NoProxy = NoProxy.Read(environment),
            Profile = environment["AWS_PROFILE"] is { Length: > 0 } profile ? profile : SharedCredentialsFile.DefaultProfileName,
        };
    }

    /// <summary>The way to the bucket.</summary>
    /// <exception cref="Failure">A secret, a certificate or a key it needs is not there (78).</exception>
    public HttpClient Connect() => HttpConnection.ForLibrary(Timeout, Tls, Proxy?.Reveal(), NoProxy);

    /// <summary>The configuration of Amazon's library: our connection, and none of its own retries and redirects.</summary>
    /// <param name="endpoint">Null for Amazon.</param>
    public AmazonS3Config Configure(Uri? endpoint, HttpClient client)
    {
        var config = new AmazonS3Config
        {
            ForcePathStyle = IsPathStyle,
            HttpClientFactory = new S3HttpClient(client),
            // When something is tried again is for us to say.
            MaxErrorRetry = 0,
            Timeout = Timeout,
            IgnoreConfiguredEndpointUrls = true,
            // What others than Amazon do not know: each object has its checksum anyway.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (endpoint is null)
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(Region);
        }
        else
        {
            (config.ServiceURL, config.AuthenticationRegion) = (endpoint.AbsoluteUri, Region);
        }

        return config;
    }

    static string Name(ConfigurationMember member, string others) =>
        member.AsText().Length <= LongestName
            && char.IsAsciiLetterOrDigit(member.AsText()[0])
            && member.AsText().All(c => char.IsAsciiLetterOrDigit(c) || others.Contains(c, StringComparison.Ordinal))
            ? member.AsText()
            : throw member.Wrong($"\"{member.AsText()}\" is not the name of a {member.Name}");

    static string PrefixFrom(ConfigurationMember prefix) => prefix.AsText() switch
    {
        ['/', ..] => throw prefix.Wrong("begins with a slash, which would be a folder without a name; leave it out"),
        var text when text.Split('/').Any(part => part is "." or "..") =>
            throw prefix.Wrong("holds a folder . or .., which no address keeps; leave it out"),
        { Length: > LongestPrefix } => throw prefix.Wrong($"is longer than {LongestPrefix} characters"),
        var text when text.Any(c => c is < ' ' or > '~') => throw prefix.Wrong("holds a letter beyond ASCII or a control character"),
        var text => text,
    };
}
