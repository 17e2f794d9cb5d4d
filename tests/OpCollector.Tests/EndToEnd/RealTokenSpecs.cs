using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using OpCollector.Sources;

namespace OpCollector.Tests;

/// <summary>Tokens from servers that others wrote: both take what we ask, and what they give is what a receiver gets.</summary>
public sealed class RealTokenSpecs : IDisposable
{
    const string ClientSecret = "p@ss:w%rd +&=";

    readonly Sandbox _host = new();
    readonly Receiver _receiver = new();
    readonly int _port = Daemon.FreePort();

    public RealTokenSpecs()
    {
        _host.To(_receiver);
        _host.Environment["CLIENT_SECRET"] = ClientSecret;
        _host.Configuration["maxRunTime"] = "20s";
    }

    string Issuer => $"http://127.0.0.1:{_port}";

    public void Dispose()
    {
        _receiver.Dispose();
        _host.Dispose();
    }

    [Fact]
    public async Task A_token_of_the_OAuth2_mock_server_reaches_the_receiver_and_holds()
    {
        using var server = await NpmPackage.ServeAsync("oauth2-mock-server@9.3.0", $$"""
            import('oauth2-mock-server').then(async ({ OAuth2Server }) => {
              const server = new OAuth2Server();
              await server.issuer.keys.generate('RS256');
              await server.start({{_port}}, '127.0.0.1');
            });
            """, _port);
        _host.Configuration["sink"]!["auth"] = Auth("collector", "body");
        var log = _host.Account.Log(250);

        var run = await _host.CollectAsync("--verbose");

        run.ExitCode.Should().Be(0, run.Stderr);
        _receiver.Accepted.Should().Equal(log);
        var token = _receiver.Requests.Select(request => request.Header("Authorization")!["Bearer ".Length..]).Distinct().Single();
        (await HoldsAsync(token)).Should().BeTrue();
        EverythingTold(run).Should().NotContain(token).And.NotContain(ClientSecret);
    }

    [Theory]
    [InlineData("in-form", "body")]
    [InlineData("in:header", "basic")]
    public async Task The_OIDC_provider_knows_us_in_both_styles(string client, string style)
    {
        using var server = await ProviderAsync();
        _host.Configuration["sink"]!["auth"] = Auth(client, style);
        var log = _host.Account.Log(3);

        var run = await _host.CollectAsync("--verbose");

        run.ExitCode.Should().Be(0, run.Stderr);
        _receiver.Accepted.Should().Equal(log);
        var token = _receiver.Requests.Single().Header("Authorization")!["Bearer ".Length..];
        (await IntrospectAsync(token))["scope"]!.GetValue<string>().Should().Be("events");
        EverythingTold(run).Should().NotContain(token).And.NotContain(ClientSecret);
    }

    [Theory]
    [InlineData("in-form", "hush-wrong")]
    [InlineData("nobody", ClientSecret)]
    public async Task A_client_that_the_OIDC_provider_does_not_know_is_told_so(string client, string secret)
    {
        using var server = await ProviderAsync();
        _host.Configuration["sink"]!["auth"] = Auth(client, "body");
        _host.Environment["CLIENT_SECRET"] = secret;
        _host.Account.Log(3);

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(77, run.Stderr);
        run.LastWords.Should().Contain($"the token endpoint {Issuer} answered").And.Contain("invalid_client").And.NotContain(secret);
        _receiver.Requests.Should().BeEmpty();
        _host.Quarantine.Should().BeEmpty();
        (await _host.RunAsync("check")).ExitCode.Should().Be(77);
    }

    // In a line, in a file of the state, in an argument of a child.
    string EverythingTold(FinishedRun run) => run.Stdout + run.Stderr + string.Concat(
        Directory.EnumerateFiles(_host.Root, "*", SearchOption.AllDirectories).Select(File.ReadAllText));

    JsonObject Auth(string client, string style) => new()
    {
        ["oauth2"] = new JsonObject
        {
            ["tokenUrl"] = $"{Issuer}/token",
            ["clientId"] = client,
            ["clientSecret"] = new JsonObject { ["env"] = "CLIENT_SECRET" },
            ["scope"] = "events",
            ["style"] = style,
        },
    };

    Task<Daemon> ProviderAsync() => NpmPackage.ServeAsync("oidc-provider@9.13.3", $$"""
        import('oidc-provider').then(({ Provider }) => {
          const client = (id, method) => ({ client_id: id, client_secret: '{{ClientSecret}}', grant_types: ['client_credentials'],
            redirect_uris: [], response_types: [], token_endpoint_auth_method: method, scope: 'events' });
          new Provider('{{Issuer}}', {
            clients: [client('in-form', 'client_secret_post'), client('in:header', 'client_secret_basic')],
            scopes: ['events'],
            features: { clientCredentials: { enabled: true }, introspection: { enabled: true, allowedPolicy: () => true } },
          }).listen({{_port}}, '127.0.0.1');
        });
        """, _port);

    async Task<bool> HoldsAsync(string token)
    {
        using var http = new HttpClient();
        var key = JsonNode.Parse(await http.GetStringAsync(new Uri($"{Issuer}/jwks")))!["keys"]![0]!;
        using var rsa = RSA.Create(new RSAParameters
        {
            Modulus = Base64Url.DecodeFromChars((string)key["n"]!),
            Exponent = Base64Url.DecodeFromChars((string)key["e"]!),
        });
        var signed = Encoding.ASCII.GetBytes(token[..token.LastIndexOf('.')]);
        var signature = Base64Url.DecodeFromChars(token.AsSpan(token.LastIndexOf('.') + 1));
        return rsa.VerifyData(signed, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    async Task<JsonNode> IntrospectAsync(string token)
    {
        using var http = new HttpClient();
        using var form = new FormUrlEncodedContent(
            new Dictionary<string, string> { ["token"] = token, ["client_id"] = "in-form", ["client_secret"] = ClientSecret });
        using var answer = await http.PostAsync(new Uri($"{Issuer}/token/introspection"), form);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
    }
}
