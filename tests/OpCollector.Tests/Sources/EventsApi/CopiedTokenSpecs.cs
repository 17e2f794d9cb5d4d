using EventsApiEmulator;

namespace OpCollector.Tests;

/// <summary>What people leave around a secret when they copy it is told before anything is sent, and never shown.</summary>
public sealed class CopiedTokenSpecs : IDisposable
{
    readonly EventsApi _api = new();
    readonly Sandbox _host = new();

    public void Dispose()
    {
        _host.Dispose();
        _api.Dispose();
    }

    [Theory]
    [InlineData("\"{0}\"", "quotes")]
    [InlineData("'{0}'", "quotes")]
    [InlineData("\"{0}", "quotes")]
    [InlineData("EVENTS_TOKEN={0}", "its own name")]
    [InlineData("TOKEN={0}", "NAME=value")]
    [InlineData("export TOKEN={0}", "NAME=value")]
    [InlineData("Bearer {0}", "begins with \"Bearer\"")]
    [InlineData("bearer {0}", "begins with \"Bearer\"")]
    [InlineData(" {0}", "blank")]
    [InlineData("{0} ", "blank")]
    [InlineData("{0}\n{0}", "line break")]
    [InlineData("{0}\r", "line break")]
    [InlineData("\uFEFF{0}", "byte order mark")]
    [InlineData("{0}=", "letters, digits, dots, - and _")]
    [InlineData("token:{0}", "letters, digits, dots, - and _")]
    [InlineData("{0};", "letters, digits, dots, - and _")]
    [InlineData("{0}é", "letters, digits, dots, - and _")]
    [InlineData("{0}\u200B", "letters, digits, dots, - and _")]
    [InlineData("<{0}>", "letters, digits, dots, - and _")]
    public async Task A_token_of_the_Events_API_is_one_word(string written, string words)
    {
        _host.From(_api);
        _host.Api["url"] = _api.Url;
        _host.Environment["EVENTS_TOKEN"] = written.Replace("{0}", _api.Token.Text, StringComparison.Ordinal);

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(78);
        run.LastWords.Should().ContainAll("opcollector.json:1:", ": source.eventsApi.token", words).And.NotContain(_api.Token.Text[..20]);
        _api.Requests.Should().BeEmpty();
        File.Exists(_host.State("events-api.json")).Should().BeFalse("nothing was refused");
    }

    [Theory]
    [InlineData("\"abc.def\"", "quotes")]
    [InlineData("Bearer abc.def", "begins with \"Bearer\"")]
    [InlineData("SIEM_TOKEN=abc.def", "its own name")]
    [InlineData("TOKEN=abc.def", "NAME=value")]
    [InlineData("abc def", "blank")]
    public async Task A_bearer_token_is_one_word_too(string written, string words)
    {
        using var receiver = new Receiver();
        _host.Account.Log(3);
        _host.To(receiver).Configuration["sink"]!["auth"] = System.Text.Json.Nodes.JsonNode.Parse("""{"bearer":{"env":"SIEM_TOKEN"}}""");
        _host.Environment["SIEM_TOKEN"] = written;

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(78);
        run.LastWords.Should().ContainAll("sink.auth.bearer", words).And.NotContain("def");
        receiver.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task A_header_has_its_prefix_once()
    {
        using var receiver = new Receiver();
        _host.Account.Log(3);
        _host.To(receiver).Configuration["sink"]!["auth"] =
            System.Text.Json.Nodes.JsonNode.Parse(
                """{"header":{"name":"Authorization","prefix":"Splunk ","value":{"env":"SIEM_TOKEN"}}}""");
        _host.Environment["SIEM_TOKEN"] = "splunk abc-def";

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(78);
        run.LastWords.Should().ContainAll("sink.auth.header.value", "begins with the prefix").And.NotContain("abc-def");
        receiver.Requests.Should().BeEmpty();
    }

    [Theory]
    [InlineData("abc==")]
    [InlineData("1|aB/c+d~e")]
    [InlineData("a:b=c")]
    public async Task Any_other_word_may_be_a_bearer_token(string token)
    {
        using var receiver = new Receiver();
        _host.Account.Log(3);
        _host.To(receiver).Configuration["sink"]!["auth"] = System.Text.Json.Nodes.JsonNode.Parse("""{"bearer":{"env":"SIEM_TOKEN"}}""");
        _host.Environment["SIEM_TOKEN"] = token;

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(0, run.Stderr);
        receiver.Requests[^1].Header("Authorization").Should().Be($"Bearer {token}");
    }

    [Theory]
    [InlineData("correct horse\nbattery", "line break")]
    [InlineData("OP_PASSWORD=correct horse", "its own name")]
    public async Task A_password_that_cannot_be_one_is_not_tried(string password, string words)
    {
        _host.Account.Log(3);
        _host.Environment["OP_PASSWORD"] = password;

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(78);
        run.LastWords.Should().ContainAll("source.op.password", words).And.NotContain("horse");
        _host.Account.Calls.Should().NotContain(call => call.StartsWith("signin", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("\"JBSWY3DPEHPK3PXP\"")]
    [InlineData("otpauth://totp/x?secret=JBSWY3DPEHPK3PXP")]
    [InlineData("OP_TOTP=JBSWY3DPEHPK3PXP")]
    [InlineData("TOTP=JBSWY3DPEHPK3PXP")]
    [InlineData("secret=JBSWY3DPEHPK3PXP")]
    public async Task A_secret_of_one_time_codes_is_base32_alone(string secret)
    {
        _host.Account.With("totpSecret", "JBSWY3DPEHPK3PXP").Log(3);
        _host.Configuration["source"]!["op"]!["totpSecret"] = System.Text.Json.Nodes.JsonNode.Parse("""{"env":"OP_TOTP"}""");
        _host.Environment["OP_TOTP"] = secret;

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(78);
        run.LastWords.Should().Contain("source.op.totpSecret").And.NotContain("JBSWY3DPEHPK3PXP");
        _host.Account.Calls.Should().NotContain(call => call.StartsWith("signin", StringComparison.Ordinal));
    }
}
