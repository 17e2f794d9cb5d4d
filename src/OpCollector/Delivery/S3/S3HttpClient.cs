using Amazon.Runtime;

namespace OpCollector.Delivery.S3;

/// <summary>Has Amazon's library go our way: our TLS, our proxy, no redirects. The client belongs to whoever made it.</summary>
internal sealed class S3HttpClient(HttpClient client) : HttpClientFactory
{
    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => client;

    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;
}
