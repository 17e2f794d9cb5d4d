using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using OpCollector.Delivery;
using OpCollector.Delivery.Webhook;
using Answer = OpCollector.Tests.Support.Receiver.Answer;

namespace OpCollector.Tests;

/// <summary>Signatures over the exact bytes of each request, as receivers compute them.</summary>
public sealed class SignatureSpecs : IDisposable
{
    const string Key = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    readonly Sandbox _host = new();
    readonly Receiver _receiver = new();

    public SignatureSpecs() => _host.To(_receiver);

    public void Dispose()
    {
        _receiver.Dispose();
        _host.Dispose();
    }

    [Fact]
    public void The_example_of_GitHub_comes_out_as_GitHub_says() =>
        Signature.Hmac("It's a Secret to Everybody"u8.ToArray(), "Hello, World!"u8, "sha256=", SignatureEncoding.Hex)
            .Should().Be("sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17");

    [Fact]
    public void The_example_of_Standard_Webhooks_comes_out_as_its_libraries_say() =>
        Signature.StandardWebhooks(
            [Signature.StandardWebhooksKey($"whsec_{Key}")!],
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            DateTimeOffset.FromUnixTimeSeconds(
                1614265330), """{"test": 2432232314}"""u8)
            .Should().Be("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");

    [Theory]
    [InlineData("hex", "sha256=")]
    [InlineData("base64", "")]
    public async Task An_HMAC_is_over_the_bytes_of_the_body(string encoding, string prefix)
    {
        _host.Account.Append("""{"eid":7,"a":"\u00e9\/","name":"Zoë 🦉"}""");
        Auth(
            $$"""{"hmac":{"header":"X-Signature","prefix":"{{prefix}}","encoding":"{{encoding}}","secret":{"env":"SECRET"} } }""".Replace(
                "\"prefix\":\"\",", "", StringComparison.Ordinal));

        var run = await _host.CollectAsync("--verbose");

        var request = _receiver.Requests.Single();
        var hash = HMACSHA256.HashData(Encoding.UTF8.GetBytes($"whsec_{Key}"), Encoding.UTF8.GetBytes(request.Body));
        request.Header("X-Signature").Should().Be(
            prefix + (encoding == "hex" ? Convert.ToHexStringLower(hash) : Convert.ToBase64String(hash)));
        run.Stderr.Should().NotContain(Key);
    }

    [Fact]
    public async Task Standard_Webhooks_signs_each_attempt_anew_under_one_id_and_with_every_secret()
    {
        _host.Account.Log(3);
        _receiver.Then(Answer.Of(503, "", "Retry-After: 2"));
        Auth("""{"standardWebhooks":[{"env":"SECRET"},{"env":"SECRET2"}]}""").Environment["SECRET2"] =
            "whsec_c2Vjb25kLXNlY3JldC1vZi0yNC1ieXRlcw==";

        await _host.CollectAsync();

        var (first, second) = (_receiver.Requests[0], _receiver.Requests[1]);
        second.Header("webhook-id").Should().Be(first.Header("webhook-id")).And.Be(first.Header("Idempotency-Key"));
        Seconds(second).Should().BeGreaterThan(Seconds(first));
        byte[][] keys = [Convert.FromBase64String(Key), "second-secret-of-24-bytes"u8.ToArray()];
        foreach (var request in _receiver.Requests)
        {
            var signed = Encoding.UTF8.GetBytes($"{request.Header("webhook-id")}.{request.Header("webhook-timestamp")}.{request.Body}");
            request.Header("webhook-signature")!.Split(' ')
                .Should().Equal(keys.Select(key => $"v1,{Convert.ToBase64String(HMACSHA256.HashData(key, signed))}"));
        }
    }

    [Theory]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData("whsec_")]
    [InlineData("whsec_no base64!")]
    public async Task What_is_no_secret_of_Standard_Webhooks_is_refused_and_not_shown(string secret)
    {
        _host.Account.Log(3);
        Auth("""{"standardWebhooks":{"env":"SECRET"}}""").Environment["SECRET"] = secret;

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(78);
        run.LastWords.Should().Contain("sink.auth.standardWebhooks");
        run.LastWords.Should().NotContain(Key).And.NotContain("no base64!");
        _receiver.Connections.Should().Be(0);
    }

    [Theory]
    [InlineData("""{"hmac":{"header":"X-Signature","secret":{"env":"SECRET"}}}""")]
    [InlineData("""{"standardWebhooks":{"env":"SECRET"}}""")]
    public async Task A_signature_and_gzip_do_not_go_together(string auth)
    {
        Auth(auth).Configuration["sink"]!["gzip"] = true;

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(78);
        run.LastWords.Should().Contain("sink.gzip").And.Contain("signature");
    }

    static long Seconds(Receiver.Request request) => long.Parse(request.Header("webhook-timestamp")!, CultureInfo.InvariantCulture);

    Sandbox Auth(string json)
    {
        _host.Configuration["sink"]!["auth"] = JsonNode.Parse(json);
        _host.Environment["SECRET"] = $"whsec_{Key}";
        return _host;
    }
}
