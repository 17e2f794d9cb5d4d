using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using OpCollector.Delivery;
using OpCollector.Delivery.Webhook;
using OpCollector.Events;
using Serilog.Core;
using SiemEmulator.Http;

namespace OpCollector.Tests;

/// <summary>
/// The way to the token endpoint is that to the receiver: the same authority is trusted, the same proxy is asked, and who is not trusted
/// gets no secret.
/// </summary>
public sealed class TokenWaySpecs : IDisposable
{
    const string ClientSecret = "hush-client-secret";

    readonly TestConfiguration _written = new();
    readonly Certificates _authority;
    readonly List<(string Path, string? Authorization, string Body)> _requests = [];
    readonly List<IDisposable> _open = [];

    public TokenWaySpecs()
    {
        _authority = new Certificates(Path.Combine(_written.Root, "pki"));
        _written.Environment["SECRET"] = ClientSecret;
    }

    public void Dispose()
    {
        _open.ForEach(each => each.Dispose());
        _authority.Dispose();
        _written.Dispose();
    }

    [Fact]
    public async Task A_token_endpoint_that_a_private_authority_vouches_for_is_trusted_when_the_configuration_says_so()
    {
        var site = Site("localhost");

        var receipt = await DeliverAsync($"https://localhost:{site.Port}", $$""" "tls": { "ca": "{{_authority.Authority}}" }, """);

        receipt.Accepted.Should().ContainSingle();
        _requests.Select(request => request.Path).Should().Equal("/token", "/hook");
        _requests[0].Body.Should().Contain(ClientSecret);
        _requests[1].Authorization.Should().Be("Bearer token-1");
    }

    [Theory]
    [InlineData("localhost", false)]
    [InlineData("elsewhere.example", true)]
    public async Task A_token_endpoint_that_is_not_trusted_gets_no_secret(string name, bool isKnown)
    {
        var site = Site(name);

        var receipt = await DeliverAsync(
            $"https://localhost:{site.Port}", isKnown ? $$""" "tls": { "ca": "{{_authority.Authority}}" }, """ : "");

        var failure = receipt.End.Should().BeOfType<Failure>().Subject;
        failure.Code.Should().Be(ExitCode.Configuration, failure.Message);
        failure.Message.Should().Contain($"the token endpoint https://localhost:{site.Port} ").And.Contain("not trusted")
            .And.Contain("sink.tls").And.NotContain("hush").And.NotContain("\n");
        _requests.Should().BeEmpty();
    }

    [Fact]
    public async Task The_token_endpoint_is_asked_through_the_proxy_of_the_sink()
    {
        using var tunnel = new Tunnel(Site("acme.invalid").Port);

        var receipt = await DeliverAsync(
            "https://acme.invalid", $$""" "tls": { "ca": "{{_authority.Authority}}" }, "proxy": "{{tunnel.Url}}", """);

        receipt.Accepted.Should().ContainSingle();
        tunnel.Asked.Should().OnlyContain(asked => asked == "CONNECT acme.invalid:443");
        _requests.Select(request => request.Path).Should().Equal("/token", "/hook");
        _requests[1].Authorization.Should().Be("Bearer token-1");
    }

    [Theory]
    [InlineData(407, 77)]
    [InlineData(403, 77)]
    public async Task A_proxy_that_lets_nobody_through_hears_no_secret(int status, int code)
    {
        using var tunnel = new Tunnel(port: 9) { Refusal = status };

        var receipt = await DeliverAsync("https://acme.invalid", $$""" "proxy": "{{tunnel.Url}}", """);

        var failure = receipt.End.Should().BeOfType<Failure>().Subject;
        ((int)failure.Code).Should().Be(code, failure.Message);
        failure.Message.Should().Contain("needs a token, and the token endpoint https://acme.invalid ").And.Contain($"{status}");
        tunnel.Asked.Should().OnlyContain(asked => asked == "CONNECT acme.invalid:443");
    }

    LoopbackServer Site(string name)
    {
        var (certificate, key) = _authority.Sign(name);
        var pair = X509Certificate2.CreateFromPemFile(certificate, key);
        var site = new LoopbackServer(ServeAsync, async (stream, stop) =>
        {
            var tls = new SslStream(stream);
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = pair }, stop);
            return tls;
        });
        _open.AddRange([site, pair]);
        return site;
    }

    // The token endpoint and the receiver at once.
    async Task<ReplyWriter.End> ServeAsync(Connection connection, CancellationToken stop)
    {
        while (await connection.Reader.HeadAsync(stop) is { } head)
        {
            var body = Encoding.UTF8.GetString(await connection.Reader.BodyAsync(head, stop));
            lock (_requests)
            {
                _requests.Add((head.Path, head.Header("Authorization"), body));
            }

            var token = """{"access_token":"token-1","token_type":"bearer","expires_in":3600}""";
            var answer = head.Path == "/token" ? token : "";
            var reply = $"HTTP/1.1 200 OK\r\nContent-Length: {answer.Length}\r\n\r\n{answer}";
            await connection.Stream.WriteAsync(Encoding.ASCII.GetBytes(reply), stop);
        }

        return ReplyWriter.End.InOrder;
    }

    async Task<Receipt> DeliverAsync(string site, string way)
    {
        var settings = _written.LoadText($$"""
            { "source": { "type": "op", "op": { "account": "acme", "password": { "env": "P" } } }, "sink": { "type": "webhook", "timeout": "5s", {{way}} "url": "{{site}}/hook",
            "auth": { "oauth2": { "tokenUrl": "{{site}}/token", "clientId": "collector", "clientSecret": { "env": "SECRET" } } } } }
            """).Sink.Webhook();
        using var sink = new WebhookSink(settings, TimeProvider.System, Logger.None);
        using var limits = RunLimits.Within(TimeSpan.FromSeconds(2), TimeProvider.System);
        var item = ActivityEvent.Read("""{"eid":7,"time":"2026-09-22T07:38:03Z"}"""u8.ToArray(), EventIdentity.Op).Event!;
        return await sink.DeliverAsync(new Batch("audit", [item]), limits);
    }
}
