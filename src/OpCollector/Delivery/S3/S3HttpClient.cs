using Amazon.Runtime;

namespace OpCollector.Delivery.S3;

/// <summary>Makes Amazon's library use our TLS and our proxy, and never follow a redirect. The caller disposes of the client.</summary>
internal sealed class S3HttpClient(HttpClient client) : HttpClientFactory
{
    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => client;

    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;
}
