using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.S3;
using Amazon.S3.Model;
using OpCollector.Configuration;
using OpCollector.Http;

namespace OpCollector.Delivery.S3;

/// <summary>A bucket to put objects into, the way there, and who we are. Of secrets it knows only the places.</summary>
/// <param name="Prefix">What the keys of all objects begin with.</param>
/// <param name="Endpoint">Where the bucket is, if not with Amazon; null for Amazon.</param>
/// <param name="IsPathStyle">Whether the bucket is in the path of an address, and not in the host.</param>
/// <param name="Credentials">Null for those that Amazon's tools find by themselves.</param>
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
    ProxyAddress Proxy)
{
    // A key has 1,024 bytes at most, and the rest of it is less than half.
    const int LongestPrefix = 500;

    // A bucket has 63 characters at most; the name of an access point, with its account and its region, some more.
    const int LongestName = 255;

    static readonly TimeSpan UsualTimeout = TimeSpan.FromSeconds(30);

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
            ConfiguredProxy.Read(sink.Find("proxy"), environment))
        {
            Profile = environment["AWS_PROFILE"] is { Length: > 0 } profile ? profile : SharedCredentialsFile.DefaultProfileName,
        };
    }

    /// <summary>The way to the bucket.</summary>
    /// <param name="endpoint">Null for Amazon.</param>
    /// <exception cref="Failure">A secret, a certificate or a key it needs is not there (78).</exception>
    public HttpClient Connect(Uri? endpoint) => HttpConnection.ForLibrary(Timeout, Proxy.For(Server(endpoint)), Tls);

    /// <summary>The configuration of Amazon's library, with none of its own retries and redirects.</summary>
    /// <param name="endpoint">Null for Amazon.</param>
    public AmazonS3Config Configure(Uri? endpoint)
    {
        var config = new AmazonS3Config
        {
            ForcePathStyle = IsPathStyle,
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

    // Amazon's library knows which host has the bucket. One that cannot have a host is reported when it is asked for.
    Uri Server(Uri? endpoint)
    {
        var config = Configure(endpoint);
        using var library = new AmazonS3Client(new AnonymousAWSCredentials(), config);
        try
        {
            return new Uri(library.DetermineServiceOperationEndpoint(new HeadBucketRequest { BucketName = Bucket }).URL);
        }
        catch (Exception ex) when (ex is AmazonClientException or ArgumentException or FormatException)
        {
            return endpoint ?? new Uri($"https://s3.{Region}.{config.RegionEndpoint.PartitionDnsSuffix}");
        }
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
